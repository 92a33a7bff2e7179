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

    /// <summary>An assessment at a moment.</summary>
    public sealed class Seen
    {
        public required Assessment Assessment { get; init; }
        public required DateTimeOffset At { get; init; }
    }

    /// <summary>For compiled queries, which cannot call <see cref="AssessmentShapes.ShownAt"/>.</summary>
    public static readonly Expression<Func<Seen, AssessmentShape>> From = seen => new AssessmentShape(
        seen.Assessment.Id,
        seen.Assessment.Title,
        seen.Assessment.Description,
        seen.Assessment.Type,
        seen.Assessment.DurationMinutes,
        seen.Assessment.PassingScore,
        seen.Assessment.IsActive,
        seen.Assessment.ModuleId == null && seen.Assessment.LessonId == null ? seen.Assessment.CourseId : null,
        seen.Assessment.ModuleId,
        seen.Assessment.LessonId,
        seen.Assessment.CreatedAt,
        seen.Assessment.QuestionCount,
        seen.Assessment.TotalPoints,
        seen.Assessment.MaxAttempts,
        seen.Assessment.AvailableFrom,
        seen.Assessment.AvailableUntil,
        seen.Assessment.IsActive
            && (seen.Assessment.AvailableFrom == null || seen.Assessment.AvailableFrom <= seen.At)
            && (seen.Assessment.AvailableUntil == null || seen.Assessment.AvailableUntil > seen.At),
        seen.Assessment.TeacherId,
        seen.Assessment.LessonId != null ? new Place("lesson", seen.Assessment.Lesson!.Title)
            : seen.Assessment.ModuleId != null ? new Place("module", seen.Assessment.Module!.Title)
            : seen.Assessment.CourseId != null ? new Place("course", seen.Assessment.Course!.Title)
            : new Place("teacher", seen.Assessment.Teacher.User.FirstName + " " + seen.Assessment.Teacher.User.LastName)
    );
}

internal static class AssessmentShapes
{
    /// <summary>Reads assessments as they are at that time.</summary>
    public static IQueryable<AssessmentShape> ShownAt(this IQueryable<Assessment> assessments, DateTimeOffset time) =>
        assessments.Select(a => new AssessmentShape.Seen { Assessment = a, At = time }).Select(AssessmentShape.From);
}
