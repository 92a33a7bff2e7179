using System.Linq.Expressions;
using System.Text.Json.Serialization;
using EduPro.Domain.Catalogue;

namespace EduPro.Api.Features.Catalogue;

/// <summary>A module in its course's list. Durations are seconds.</summary>
internal sealed record ModuleShape(
    Guid Id,
    string Title,
    string Description,
    int Order,
    int LessonsCount,
    int TotalLessons,
    int TotalDuration,
    decimal Price,
    bool IsFree,
    bool IsPublished,
    DateTimeOffset CreatedAt,
    [property: JsonIgnore] Guid CourseId
)
{
    /// <param name="drafts">Whether unpublished lessons count, as they do for the owner.</param>
    public static Expression<Func<Module, ModuleShape>> From(bool drafts) =>
        m => new ModuleShape(
            m.Id,
            m.Title,
            m.Description,
            m.Order,
            drafts ? m.Lessons.Count : m.LessonCount,
            drafts ? m.Lessons.Count : m.LessonCount,
            drafts ? m.Lessons.Sum(l => l.Duration) : m.TotalDuration,
            m.Price,
            m.Price == 0,
            m.IsPublished,
            m.CreatedAt,
            m.CourseId
        );
}

/// <summary>A module with its lessons.</summary>
internal sealed record ModuleDetail(
    Guid Id,
    string Title,
    string Description,
    int Order,
    ModuleDetail.CourseTitle Course,
    IReadOnlyList<ModuleDetail.LessonTitle> Lessons,
    decimal Price,
    bool IsFree,
    bool IsPublished,
    DateTimeOffset CreatedAt
)
{
    public sealed record CourseTitle(Guid Id, string Title);

    public sealed record LessonTitle(Guid Id, string Title, int Order);
}
