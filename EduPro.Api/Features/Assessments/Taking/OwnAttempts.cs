using EduPro.Api.Features.Accounts;
using EduPro.Api.Http;
using EduPro.Data;
using EduPro.Domain.Assessments;
using EduPro.Domain.Scoring;
using Microsoft.EntityFrameworkCore;

namespace EduPro.Api.Features.Assessments;

/// <summary>A student's own attempts. Those of others do not exist, and a student who left or is blocked has none.</summary>
internal static class OwnAttempts
{
    public sealed class Own
    {
        public required Attempt Attempt { get; init; }
        public required bool? IsActive { get; init; }
        public required bool IsRemoved { get; init; }
    }

    /// <summary>The student's attempt of this id, with how the student stands at its teacher.</summary>
    public static IQueryable<Own> OwnAttempt(this EduProDb db, Guid id, CurrentUser student) =>
        db
            .Attempts.Where(a => a.Id == id && a.StudentId == student.Id)
            .Select(a => new Own
            {
                Attempt = a,
                IsActive = db
                    .TeacherStudents.Where(r => r.TeacherId == a.TeacherId && r.StudentId == a.StudentId)
                    .Select(r => (bool?)r.IsActive)
                    .FirstOrDefault(),
                IsRemoved = db.TeacherStudents.Any(r =>
                    r.TeacherId == a.TeacherId && r.StudentId == a.StudentId && r.RemovedAt != null
                ),
            });

    /// <summary>Why the student can give nothing more in this attempt, null while they can.</summary>
    public static async Task<Problem?> Refusal(
        EduProDb db,
        Guid attempt,
        CurrentUser student,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        var found = await db.OwnAttempt(attempt, student)
            .Select(own => new
            {
                own.Attempt.Status,
                own.Attempt.RanOut,
                own.Attempt.ExpiresAt,
                Standing = new Standing(own.Attempt.TeacherId, own.IsActive, own.IsRemoved),
            })
            .FirstOrDefaultAsync(ct);
        return found is null
            ? Problems.AttemptNotFound
            : found.Standing.Refusal ?? Over(found.Status, found.RanOut, found.ExpiresAt, now);
    }

    /// <summary>Why an attempt is over, null while it runs. One that ran out says so whoever closed it.</summary>
    public static Problem? Over(AttemptStatus status, bool ranOut, DateTimeOffset? expiresAt, DateTimeOffset now) =>
        status is not AttemptStatus.InProgress && !ranOut ? Problems.AlreadySubmitted
        : ranOut || now > expiresAt + Attempt.Grace ? Problems.AssessmentExpired
        : null;
}
