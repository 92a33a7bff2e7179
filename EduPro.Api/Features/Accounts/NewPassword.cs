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
            .Database.SqlQuery<Guid>(
                $"""
                WITH changed AS (
                    UPDATE users SET password_hash = {newHash}, failed_logins = 0, locked_until = NULL
                    WHERE id = {user} AND is_active AND ({replacing}::text IS NULL OR password_hash = {replacing})
                    RETURNING id
                ), ended AS (
                    UPDATE sessions SET ended_at = {now}
                    WHERE user_id = (SELECT id FROM changed) AND id IS DISTINCT FROM {sessionToKeep}::uuid
                        AND ended_at IS NULL
                )
                SELECT id FROM changed
                """
            )
            .ToListAsync(ct);
        return changed.Count == 1;
    }
}
