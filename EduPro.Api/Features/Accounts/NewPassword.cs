using EduPro.Api.Http.Binding;
using EduPro.Data;
using EduPro.Domain.Passwords;
using Microsoft.EntityFrameworkCore;

namespace EduPro.Api.Features.Accounts;

/// <summary>A new password, given twice: of a change and of a reset.</summary>
internal abstract class NewPassword
{
    [KeepBlanks, MaxLength(128)]
    public required string NewPassword1 { get; init; }

    [KeepBlanks, MaxLength(128)]
    public required string NewPassword2 { get; init; }

    /// <summary>Adds what is wrong with the new password, which must not resemble its owner.</summary>
    public void Check(PasswordOwner? owner, Faults faults)
    {
        if (NewPassword1 is null)
            return;
        foreach (var fault in PasswordRules.Faults(NewPassword1, owner, CommonPasswords.All))
            faults.Add("new_password1", fault);
        if (NewPassword2 is not null && NewPassword2 != NewPassword1)
            faults.Add("new_password2", PasswordRules.NewMismatch);
    }

    /// <summary>Stores the new hash and ends the user's sessions but one, unless the condition on the user fails.</summary>
    /// <returns>Whether the password was changed.</returns>
    public static async Task<bool> Store(
        EduProDb db,
        Guid user,
        string newHash,
        string? replacing,
        Guid? sessionToKeep,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        var changed = await db
            .Users.Where(u => u.Id == user && u.IsActive && (replacing == null || u.PasswordHash == replacing))
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(u => u.PasswordHash, newHash)
                        .SetProperty(u => u.FailedLogins, 0)
                        .SetProperty(u => u.LockedUntil, (DateTimeOffset?)null),
                ct
            );
        if (changed == 0)
            return false;
        await db
            .Sessions.Where(s => s.UserId == user && s.Id != sessionToKeep && s.EndedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(s => s.EndedAt, now), ct);
        return true;
    }
}
