using EduPro.Api.Http;
using EduPro.Api.Http.Binding;
using EduPro.Data;
using EduPro.Domain.Enrollments;
using Microsoft.EntityFrameworkCore;

namespace EduPro.Api.Features.Catalogue;

/// <summary>How far a student is with a lesson: shown, and set in either of two forms.</summary>
internal static class LessonStatus
{
    public sealed record Response(bool IsCompleted, ProgressStatus Status, DateTimeOffset? CompletedAt);

    public sealed class StatusRequest
    {
        [InvalidMessage("Invalid status. Must be one of: completed, in_progress, not_started")]
        public required ProgressStatus Status { get; init; }
    }

    public sealed class CompletionRequest
    {
        public required bool IsCompleted { get; init; }
    }

    public static async Task<IResult> Show(PathId lesson_id, CurrentUser student, EduProDb db, CancellationToken ct)
    {
        var (_, refusal) = await CourseOf(lesson_id, student, db, ct);
        if (refusal is not null)
            return refusal;
        var progress = await db
            .LessonProgress.AsNoTracking()
            .FirstOrDefaultAsync(p => p.StudentId == student.Id && p.LessonId == lesson_id, ct);
        return TypedResults.Ok(Shape(progress));
    }

    public static async Task<IResult> Set(
        PathId lesson_id,
        Body<StatusRequest> body,
        CurrentUser student,
        EduProDb db,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var (course, refusal) = await CourseOf(lesson_id, student, db, ct);
        if (refusal is not null)
            return refusal;
        if (await body.Read(ct) is { } problem)
            return problem;
        return await Record(course, lesson_id, student, body.Value.Status, db, clock, ct) is null
            ? Problems.NotEnrolledForProgress
            : TypedResults.Ok(new Done("Progress updated successfully"));
    }

    public static async Task<IResult> SetCompleted(
        PathId lesson_id,
        Body<CompletionRequest> body,
        CurrentUser student,
        EduProDb db,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var (course, refusal) = await CourseOf(lesson_id, student, db, ct);
        if (refusal is not null)
            return refusal;
        if (await body.Read(ct) is { } problem)
            return problem;
        var status = body.Value.IsCompleted ? ProgressStatus.Completed : ProgressStatus.InProgress;
        return await Record(course, lesson_id, student, status, db, clock, ct) is { } progress
            ? TypedResults.Ok(Shape(progress))
            : Problems.NotEnrolledForProgress;
    }

    /// <summary>The course that the student is in and that has this lesson, or why there is none.</summary>
    private static async Task<(Guid Course, Problem? Refusal)> CourseOf(
        Guid lesson,
        CurrentUser student,
        EduProDb db,
        CancellationToken ct
    )
    {
        var places = db.PlacesOf(student);
        var found = await db.LessonsFor(student)
            .Where(l => l.Id == lesson)
            .Select(l => new { l.CourseId, HasPlace = places.Any(p => p.CourseId == l.CourseId) })
            .FirstOrDefaultAsync(ct);
        return found switch
        {
            null => (Guid.Empty, Problems.LessonNotFound),
            { HasPlace: false } => (Guid.Empty, Problems.NotEnrolledForProgress),
            _ => (found.CourseId, null),
        };
    }

    private static Task<LessonProgress?> Record(
        Guid course,
        Guid lesson,
        CurrentUser student,
        ProgressStatus status,
        EduProDb db,
        TimeProvider clock,
        CancellationToken ct
    ) => db.InTransaction(ct => db.RecordProgress(course, lesson, student.Id, status, clock.GetUtcNow(), ct), ct);

    private static Response Shape(LessonProgress? progress) =>
        new(
            progress?.Status is ProgressStatus.Completed,
            progress?.Status ?? ProgressStatus.NotStarted,
            progress?.CompletedAt
        );
}
