using EduPro.Api.Http;
using EduPro.Api.Http.Binding;
using EduPro.Data;
using EduPro.Domain.Passwords;
using Microsoft.EntityFrameworkCore;

namespace EduPro.Api.Features.Accounts;

/// <summary>Changes the caller's password and ends the caller's other sessions.</summary>
internal static class ChangePassword
{
    public sealed class Request : NewPassword
    {
        [KeepBlanks]
        public required string OldPassword { get; init; }
    }

    public sealed record Response(string Message);

    public static async Task<IResult> Handle(
        CurrentUser caller,
        Body<Request> body,
        EduProDb db,
        PasswordHashing passwords,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var user = await db
            .Users.Where(u => u.Id == caller.Id)
            .Select(u => new
            {
                u.PasswordHash,
                Owner = new PasswordOwner(u.Username, u.FirstName, u.LastName, u.Email),
            })
            .SingleAsync(ct);
        var problem = await body.Read(
            ct,
            async (request, faults) =>
            {
                request.Check(user.Owner, faults);
                if (request.OldPassword is null)
                    return null;
                var matches = await passwords.Verify(request.OldPassword, user.PasswordHash, ct);
                if (matches is null)
                    return PasswordHashing.Busy;
                if (matches is false)
                    faults.Add("old_password", PasswordRules.OldIncorrect);
                return null;
            }
        );
        if (problem is not null)
            return problem;
        if (await passwords.Create(body.Value.NewPassword1, ct) is not { } hash)
            return PasswordHashing.Busy;
        var changed = await db.InTransaction(
            async ct =>
            {
                // A code that still waits for a reset would undo what was just decided.
                await db.PasswordResets.Where(r => r.UserId == caller.Id).ExecuteDeleteAsync(ct);
                return await NewPassword.Store(
                    db,
                    caller.Id,
                    hash,
                    replacing: user.PasswordHash,
                    sessionToKeep: caller.SessionId,
                    clock.GetUtcNow(),
                    ct
                );
            },
            ct
        );
        return changed
            ? TypedResults.Ok(new Response("Password changed successfully"))
            : ValidationProblem.On("old_password", PasswordRules.OldIncorrect);
    }
}
