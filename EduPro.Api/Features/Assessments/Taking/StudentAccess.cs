using System.Linq.Expressions;
using EduPro.Api.Http;
using EduPro.Data;
using EduPro.Domain.Accounts;
using EduPro.Domain.Assessments;
using EduPro.Domain.Scoring;
using Microsoft.EntityFrameworkCore;

namespace EduPro.Api.Features.Assessments;

/// <summary>Whether a student is with a teacher now: a removed or blocked one has no access to anything of theirs.</summary>
internal static class StudentAccess
{
    public sealed record Relation(bool IsActive, DateTimeOffset? RemovedAt);

    public static Expression<Func<TeacherStudent, Relation>> Read { get; } = r => new Relation(r.IsActive, r.RemovedAt);

    /// <summary>The refusal, null when there is none.</summary>
    public static Problem? Refusal(Relation? relation) =>
        relation is not { RemovedAt: null } ? Problems.NotRegistered
        : !relation.IsActive ? Problems.AccountBlocked
        : null;

    /// <summary>The teacher of this username, or why the student may not have what is theirs.</summary>
    public static async Task<(Guid Teacher, Problem? Refusal)> ToTeacher(
        EduProDb db,
        string username,
        CurrentUser student,
        CancellationToken ct
    )
    {
        var key = username.ToLowerInvariant();
        var read = Read;
        var found = await db
            .Teachers.Where(t => t.User.UsernameKey == key)
            .Select(t => new
            {
                t.Id,
                Relation = db
                    .TeacherStudents.Where(r => r.TeacherId == t.Id && r.StudentId == student.Id)
                    .Select(read)
                    .FirstOrDefault(),
            })
            .FirstOrDefaultAsync(ct);
        return found is null ? (Guid.Empty, Problems.TeacherNotFound) : (found.Id, Refusal(found.Relation));
    }

    /// <summary>Why the student may not act on this attempt, null when they may. Those of others do not exist.</summary>
    public static async Task<Problem?> ToAttempt(
        EduProDb db,
        Guid attempt,
        CurrentUser student,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        var read = Read;
        var found = await db
            .Attempts.Where(a => a.Id == attempt && a.StudentId == student.Id)
            .Select(a => new
            {
                a.Status,
                a.RanOut,
                a.ExpiresAt,
                Relation = db
                    .TeacherStudents.Where(r => r.TeacherId == a.TeacherId && r.StudentId == a.StudentId)
                    .Select(read)
                    .FirstOrDefault(),
            })
            .FirstOrDefaultAsync(ct);
        return found is null
            ? Problems.AttemptNotFound
            : Refusal(found.Relation) ?? Over(found.Status, found.RanOut, found.ExpiresAt, now);
    }

    /// <summary>Why nothing more can be given in an attempt, null while it runs.</summary>
    public static Problem? Over(Attempt attempt, DateTimeOffset now) =>
        Over(attempt.Status, attempt.RanOut, attempt.ExpiresAt, now);

    private static Problem? Over(AttemptStatus status, bool ranOut, DateTimeOffset? expiresAt, DateTimeOffset now) =>
        status is not AttemptStatus.InProgress && !ranOut ? Problems.AlreadySubmitted
        : ranOut || now > expiresAt + Attempt.Grace ? Problems.AssessmentExpired
        : null;
}
