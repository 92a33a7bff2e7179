using System.Linq.Expressions;
using System.Text.Json.Serialization;
using EduPro.Domain.Assessments;

namespace EduPro.Api.Features.Assessments;

/// <summary>An assessment on the wire; its detail carries figures and questions too.</summary>
internal sealed record AssessmentShape(
    Guid Id,
    string Title,
    string Description,
    AssessmentType AssessmentType,
    int? DurationMinutes,
    int PassingScore,
    bool IsActive,
    Guid? Course,
    Guid? Module,
    Guid? Lesson,
    DateTimeOffset CreatedAt,
    int QuestionsCount,
    int TotalPoints,
    int MaxAttempts,
    DateTimeOffset? AvailableFrom,
    DateTimeOffset? AvailableUntil,
    bool IsAvailable,
    [property: JsonIgnore] Guid Teacher,
    [property: JsonIgnore] AssessmentShape.Place RelatedTo
)
{
    /// <summary>What an assessment hangs on.</summary>
    public sealed record Place(string Type, string Title);

    public sealed record Figures(int TotalAttempts, double AverageScore);

    [JsonIgnore]
    public Figures? Results { get; init; }

    /// <summary>The questions with their options, in the detail only.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<QuestionShape>? Questions { get; init; }

    public static Expression<Func<Assessment, AssessmentShape>> From(DateTimeOffset now) =>
        a => new AssessmentShape(
            a.Id,
            a.Title,
            a.Description,
            a.Type,
            a.DurationMinutes,
            a.PassingScore,
            a.IsActive,
            a.ModuleId == null && a.LessonId == null ? a.CourseId : null,
            a.ModuleId,
            a.LessonId,
            a.CreatedAt,
            a.QuestionCount,
            a.TotalPoints,
            a.MaxAttempts,
            a.AvailableFrom,
            a.AvailableUntil,
            a.IsActive
                && (a.AvailableFrom == null || a.AvailableFrom <= now)
                && (a.AvailableUntil == null || a.AvailableUntil > now),
            a.TeacherId,
            a.LessonId != null ? new Place("lesson", a.Lesson!.Title)
                : a.ModuleId != null ? new Place("module", a.Module!.Title)
                : a.CourseId != null ? new Place("course", a.Course!.Title)
                : new Place("teacher", a.Teacher.User.FirstName + " " + a.Teacher.User.LastName)
        );
}
