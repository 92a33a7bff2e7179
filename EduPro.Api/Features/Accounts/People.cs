using EduPro.Api.Http;
using EduPro.Data;
using EduPro.Domain.Accounts;
using Microsoft.EntityFrameworkCore;

namespace EduPro.Api.Features.Accounts;

/// <summary>How people are found by what a path or a form calls them, and how they stand to each other.</summary>
internal static class People
{
    /// <summary>The teacher of this username, in any case; none for an account that was switched off.</summary>
    public static IQueryable<Teacher> Named(this IQueryable<Teacher> teachers, string username)
    {
        var key = username.ToLowerInvariant();
        return teachers.Where(t => t.User.UsernameKey == key && t.User.IsActive);
    }

    private static readonly Func<EduProDb, string, Guid, CancellationToken, Task<Standing?>> Standings =
        EF.CompileAsyncQuery(
            (EduProDb db, string usernameKey, Guid student, CancellationToken ct) =>
                db
                    .Teachers.Where(t => t.User.UsernameKey == usernameKey && t.User.IsActive)
                    .Select(t => new Standing(
                        t.Id,
                        db.TeacherStudents.Where(r => r.TeacherId == t.Id && r.StudentId == student)
                            .Select(r => (bool?)r.IsActive)
                            .FirstOrDefault(),
                        db.TeacherStudents.Any(r =>
                            r.TeacherId == t.Id && r.StudentId == student && r.RemovedAt != null
                        )
                    ))
                    .FirstOrDefault()
        );

    /// <summary>How a student stands at the teacher of this username; null when there is no such teacher.</summary>
    public static Task<Standing?> StandingAt(
        this EduProDb db,
        string teacherUsername,
        Guid student,
        CancellationToken ct
    ) => Standings(db, teacherUsername.ToLowerInvariant(), student, ct);

    /// <summary>
    /// Brings a student to a teacher, for the first time or again; false when the student is there already. A blocked
    /// student stays blocked. Run it in a transaction: the teacher's counter goes along.
    /// </summary>
    public static async Task<bool> Join(
        this EduProDb db,
        Guid teacher,
        Guid student,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        var joined = await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO teacher_students
                (id, teacher_id, student_id, joined_at, is_active, completed_lessons, completed_courses)
            VALUES ({Guid.CreateVersion7(now)}, {teacher}, {student}, {now}, true, 0, 0)
            ON CONFLICT (teacher_id, student_id) DO UPDATE SET removed_at = NULL
            WHERE teacher_students.removed_at IS NOT NULL AND teacher_students.is_active
            """,
            ct
        );
        if (joined == 0)
            return false;
        await db
            .Teachers.Where(t => t.Id == teacher)
            .ExecuteUpdateAsync(set => set.SetProperty(t => t.StudentCount, t => t.StudentCount + 1), ct);
        return true;
    }
}

/// <summary>A student's relation to a teacher.</summary>
/// <param name="IsActive">False for a blocked student, null for one who was never with the teacher.</param>
internal sealed record Standing(Guid Teacher, bool? IsActive, bool IsRemoved)
{
    /// <summary>Why the teacher's things are closed to the student; null when they are not.</summary>
    public Problem? Refusal =>
        IsActive is false ? Problems.AccountBlocked
        : IsActive is null || IsRemoved ? Problems.NotRegistered
        : null;
}
