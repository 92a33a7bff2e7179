using System.Linq.Expressions;
using EduPro.Api.Features.Accounts;
using EduPro.Api.Http;
using EduPro.Data;
using EduPro.Domain.Assessments;
using Microsoft.EntityFrameworkCore;

namespace EduPro.Api.Features.Assessments;

/// <summary>
/// The teacher's active assessments that are for this student, newest first; <c>is_available</c> tells those that can be
/// started now from those whose time has not come or is over.
/// </summary>
internal static class ListAvailableAssessments
{
    public sealed class Request
    {
        /// <summary>Only those of this course, its modules and its lessons.</summary>
        public Guid? CourseId { get; init; }
    }

    /// <summary>What hangs on a module or lesson that students do not see yet, they do not see either.</summary>
    public static Expression<Func<Assessment, bool>> IsNoDraft { get; } =
        a =>
            (a.ModuleId == null || a.Module!.IsPublished)
            && (a.LessonId == null || (a.Lesson!.IsPublished && a.Lesson.Module.IsPublished));

    private static readonly Func<
        EduProDb,
        Guid,
        Guid,
        Guid?,
        DateTimeOffset,
        IAsyncEnumerable<AssessmentShape>
    > Available = EF.CompileAsyncQuery(
        (EduProDb db, Guid teacher, Guid student, Guid? course, DateTimeOffset now) =>
            db
                .Assessments.Where(a => a.TeacherId == teacher && a.IsActive)
                .Where(IsNoDraft)
                .Where(a => course == null || a.CourseId == course)
                .Where(a =>
                    a.CourseId == null || db.Enrollments.Any(e => e.CourseId == a.CourseId && e.StudentId == student)
                )
                .OrderByDescending(a => a.CreatedAt)
                .ThenByDescending(a => a.Id)
                .Select(a => new AssessmentShape.Seen { Assessment = a, At = now })
                .Select(AssessmentShape.From)
    );

    public static async Task<IResult> Handle(
        string teacher_username,
        Query<Request> query,
        CurrentUser student,
        EduProDb db,
        TimeProvider clock,
        PageRequest page,
        CancellationToken ct
    )
    {
        if (await db.StandingAt(teacher_username, student.Id, ct) is not { Teacher: var teacher } standing)
            return Problems.TeacherNotFound;
        if ((standing.Refusal ?? await query.Read(ct)) is { } problem)
            return problem;
        var (course, now) = (query.Value.CourseId, clock.GetUtcNow());
        // Some tens at most, whatever page is asked for.
        return await (await Available(db, teacher, student.Id, course, now).ToListAsync(ct)).ToPage(page);
    }
}
