using EduPro.Api.Http;
using EduPro.Data;

namespace EduPro.Api.Features.Accounts;

internal static class JoinTeacher
{
    public sealed record Response(string Message);

    public static async Task<IResult> Handle(
        string teacher_username,
        CurrentUser caller,
        EduProDb db,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        if (await db.StandingAt(teacher_username, caller.Id, ct) is not { } standing)
            return Problems.TeacherNotFound;
        if (standing.IsActive is false)
            return Problems.AccountBlocked;
        return await db.InTransaction(ct => db.Join(standing.Teacher, caller.Id, clock.GetUtcNow(), ct), ct)
            ? TypedResults.Created((string?)null, new Response("Successfully joined teacher"))
            : TypedResults.Ok(new Response("Already joined teacher"));
    }
}
