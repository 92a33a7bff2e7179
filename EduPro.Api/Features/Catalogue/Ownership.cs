using EduPro.Api.Http;
using EduPro.Data;
using EduPro.Domain.Catalogue;
using Microsoft.EntityFrameworkCore;

namespace EduPro.Api.Features.Catalogue;

/// <summary>
/// How a teacher changes what a course is made of: the owner only, one change of a course at a time, the counters in
/// the same transaction.
/// </summary>
internal static class Ownership
{
    /// <summary>Why the teacher may not change the course; null if it is the teacher's.</summary>
    public static async Task<Problem?> Refusal(
        this EduProDb db,
        Guid course,
        CurrentUser teacher,
        Problem missing,
        Problem foreign,
        CancellationToken ct
    ) =>
        await db.Courses.Where(c => c.Id == course).Select(c => (Guid?)c.TeacherId).FirstOrDefaultAsync(ct)
            is not { } owner
            ? missing
        : owner != teacher.Id ? foreign
        : null;

    /// <summary>The course of the teacher's module, or why there is none.</summary>
    public static async Task<(Guid Course, Problem? Refusal)> CourseOf(
        this IQueryable<Module> modules,
        Guid id,
        CurrentUser teacher,
        CancellationToken ct
    ) =>
        await modules.Where(m => m.Id == id).Select(m => new { m.CourseId, m.Course.TeacherId }).FirstOrDefaultAsync(ct)
            is not { } module
            ? (Guid.Empty, Problems.ModuleNotFound)
            : (module.CourseId, module.TeacherId == teacher.Id ? null : Problems.PermissionDenied);

    /// <summary>The course of the teacher's lesson, or why there is none.</summary>
    public static async Task<(Guid Course, Problem? Refusal)> CourseOf(
        this IQueryable<Lesson> lessons,
        Guid id,
        CurrentUser teacher,
        CancellationToken ct
    ) =>
        await lessons.Where(l => l.Id == id).Select(l => new { l.CourseId, l.Course.TeacherId }).FirstOrDefaultAsync(ct)
            is not { } lesson
            ? (Guid.Empty, Problems.LessonNotFound)
            : (lesson.CourseId, lesson.TeacherId == teacher.Id ? null : Problems.PermissionDenied);

    /// <summary>Makes a change while the course holds still, then counts anew; answers that the course is gone otherwise.</summary>
    /// <param name="db">The database.</param>
    /// <param name="course">The course that is changed.</param>
    /// <param name="teacher">Its owner.</param>
    /// <param name="gone">What to answer when the course went away meanwhile.</param>
    /// <param name="change">Changes and saves nothing before it returns a refusal.</param>
    /// <param name="clock">Tells the time of the change.</param>
    /// <param name="ct">Undoes the change.</param>
    public static Task<IResult> Restructure(
        this EduProDb db,
        Guid course,
        CurrentUser teacher,
        Problem gone,
        Func<DateTimeOffset, CancellationToken, Task<IResult>> change,
        TimeProvider clock,
        CancellationToken ct
    ) =>
        db.InTransaction(
            async ct =>
            {
                if (!await db.LockCourse(course, teacher.Id, ct))
                    return gone;
                var now = clock.GetUtcNow();
                var result = await change(now, ct);
                if (result is not IStatusCodeHttpResult { StatusCode: >= 400 })
                    await db.RefreshCounters(course, now, ct);
                return result;
            },
            ct
        );
}
