using EduPro.Api.Http;
using EduPro.Data;
using Microsoft.EntityFrameworkCore;

namespace EduPro.Api.Features.Accounts;

/// <summary>Ends a student's relation to the calling teacher. The history stays; a re-join restores it.</summary>
internal static class RemoveStudent
{
    public sealed record Response(string Message);

    public static async Task<IResult> Handle(
        PathId student_id,
        CurrentUser caller,
        EduProDb db,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var id = student_id.Value;
        var removed = await db.InTransaction(
            async ct =>
            {
                DateTimeOffset? now = clock.GetUtcNow();
                var removed = await db
                    .TeacherStudents.Where(r => r.TeacherId == caller.Id && r.StudentId == id && r.RemovedAt == null)
                    .ExecuteUpdateAsync(set => set.SetProperty(r => r.RemovedAt, now), ct);
                if (removed > 0)
                    await db
                        .Teachers.Where(t => t.Id == caller.Id)
                        .ExecuteUpdateAsync(set => set.SetProperty(t => t.StudentCount, t => t.StudentCount - 1), ct);
                return removed;
            },
            ct
        );
        return removed == 0 ? Problems.StudentNotFound : TypedResults.Ok(new Response("Student removed successfully"));
    }
}

/// <summary>Closes what the calling teacher has to a student, or opens it again.</summary>
internal static class ToggleBlockStudent
{
    public sealed record Response(string Message, bool IsBlocked);

    public static async Task<IResult> Handle(PathId student_id, CurrentUser caller, EduProDb db, CancellationToken ct)
    {
        var id = student_id.Value;
        var isBlocked = await db
            .Database.SqlQuery<bool>(
                $"""
                UPDATE teacher_students SET is_active = NOT is_active
                WHERE teacher_id = {caller.Id} AND student_id = {id} AND removed_at IS NULL
                RETURNING NOT is_active AS "Value"
                """
            )
            .ToListAsync(ct);
        return isBlocked is [var blocked]
            ? TypedResults.Ok(
                new Response(blocked ? "Student blocked successfully" : "Student unblocked successfully", blocked)
            )
            : Problems.StudentNotFound;
    }
}
