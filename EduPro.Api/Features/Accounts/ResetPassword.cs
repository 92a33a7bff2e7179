using EduPro.Api.Http;
using EduPro.Api.Http.Binding;
using EduPro.Data;
using EduPro.Data.Security;
using EduPro.Domain.Outbox;
using EduPro.Domain.Passwords;
using FluentValidation;
using Microsoft.EntityFrameworkCore;

namespace EduPro.Api.Features.Accounts;

/// <summary>
/// A new password for one who forgot the old, by a one-time password that is mailed: ask, look whether it is right, and
/// set the new password. Looking uses nothing up; five wrong ones do.
/// </summary>
internal static class RequestPasswordReset
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    public sealed class Request
    {
        [MaxLength(254)]
        public required string Email { get; init; }
    }

    internal sealed class Validator : AbstractValidator<Request>
    {
        public Validator() => RuleFor(r => r.Email).EmailAddress().WithMessage("Enter a valid email address.");
    }

    public sealed record Response(string Message);

    public static async Task<IResult> Handle(
        Body<Request> body,
        EduProDb db,
        OtpHashes hashes,
        MailSeal seal,
        RateLimits limits,
        HttpContext http,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        if (await body.Read(ct) is { } problem)
            return problem;
        var key = body.Value.Email.ToLowerInvariant();
        if (await limits.Take(http, limits.Options.Otp, "otp", key) is { } limited)
            return limited;
        var user = await db
            .Users.Where(u => u.EmailKey == key && u.IsActive)
            .Select(u => new
            {
                u.Id,
                u.Email,
                u.FirstName,
            })
            .FirstOrDefaultAsync(ct);
        if (user is null)
            return ValidationProblem.On("email", "No user found with this email address.");
        var now = clock.GetUtcNow();
        var otp = Otp.Generate();
        var expiresAt = now + Lifetime;
        var hash = hashes.Of(user.Id, otp);
        var mail = Guid.CreateVersion7(now);
        var payload = seal.Close(
            mail,
            new PasswordResetMail(user.Email, user.FirstName, otp, expiresAt),
            MailJson.Default.PasswordResetMail
        );
        // The code and the mail that carries it: both or neither. A new code replaces the one before.
        await db.InTransaction(
            async ct =>
            {
                db.OutboxMails.Add(
                    new OutboxMail
                    {
                        Id = mail,
                        UserId = user.Id,
                        Template = PasswordResetMail.Template,
                        Payload = payload,
                        CreatedAt = now,
                        NextAttemptAt = now,
                        TraceParent = System.Diagnostics.Activity.Current?.Id,
                    }
                );
                await db.SaveChangesAsync(ct);
                return await db.Database.ExecuteSqlAsync(
                    $"""
                    INSERT INTO password_resets (user_id, otp_hash, expires_at, wrong_tries)
                    VALUES ({user.Id}, {hash}, {expiresAt}, 0)
                    ON CONFLICT (user_id) DO UPDATE SET otp_hash = {hash}, expires_at = {expiresAt}, wrong_tries = 0
                    """,
                    ct
                );
            },
            ct
        );
        return TypedResults.Ok(new Response("OTP sent to your email"));
    }
}

/// <inheritdoc cref="RequestPasswordReset"/>
internal static class VerifyPasswordReset
{
    public sealed class Request
    {
        [MaxLength(254)]
        public required string Email { get; init; }

        [MaxLength(16)]
        public required string Otp { get; init; }
    }

    public sealed record Response(string Message);

    public static async Task<IResult> Handle(Body<Request> body, OneTimePasswords otps, CancellationToken ct) =>
        await body.Read(
            ct,
            async (request, faults) =>
                request.Email is null || request.Otp is null || faults.Any
                    ? null
                    : await otps.Check(await otps.OwnerOf(request.Email, ct), request.Otp, faults, ct)
        ) ?? TypedResults.Ok(new Response("OTP verified successfully"));
}

/// <inheritdoc cref="RequestPasswordReset"/>
internal static class ConfirmPasswordReset
{
    public sealed class Request : NewPassword
    {
        [MaxLength(254)]
        public required string Email { get; init; }

        [MaxLength(16)]
        public required string Otp { get; init; }
    }

    public sealed record Response(string Message);

    public static async Task<IResult> Handle(
        Body<Request> body,
        EduProDb db,
        OneTimePasswords otps,
        PasswordHashing passwords,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        OneTimePasswords.Owner? owner = null;
        var problem = await body.Read(
            ct,
            async (request, faults) =>
            {
                owner = request.Email is null ? null : await otps.OwnerOf(request.Email, ct);
                request.Check(owner?.Names, faults);
                return request.Email is null || request.Otp is null
                    ? null
                    : await otps.Check(owner, request.Otp, faults, ct);
            }
        );
        if (problem is not null)
            return problem;
        if (await passwords.Create(body.Value.NewPassword1, ct) is not { } hash)
            return PasswordHashing.Busy;
        var reset = await db.InTransaction(
            async ct =>
                await otps.Use(owner!.Id, body.Value.Otp, ct)
                && await NewPassword.Store(
                    db,
                    owner.Id,
                    hash,
                    replacing: null,
                    sessionToKeep: null,
                    clock.GetUtcNow(),
                    ct
                ),
            ct
        );
        return reset ? TypedResults.Ok(new Response("Password reset successfully")) : OneTimePasswords.Invalid;
    }
}

/// <summary>Checks one-time passwords and counts the wrong ones, in single statements: tries at once count as tries.</summary>
internal sealed class OneTimePasswords(EduProDb db, OtpHashes hashes, TimeProvider clock)
{
    private const int WrongTries = 5;
    private const string InvalidCode = "Invalid OTP code.",
        InvalidPair = "Email and OTP combination is invalid.";

    public sealed record Owner(Guid Id, PasswordOwner Names);

    public static ValidationProblem Invalid => ValidationProblem.On([("otp", InvalidCode), ("email", InvalidPair)]);

    public Task<Owner?> OwnerOf(string email, CancellationToken ct)
    {
        var key = email.ToLowerInvariant();
        return db
            .Users.Where(u => u.EmailKey == key && u.IsActive)
            .Select(u => new Owner(u.Id, new PasswordOwner(u.Username, u.FirstName, u.LastName, u.Email)))
            .FirstOrDefaultAsync(ct);
    }

    /// <summary>Adds the faults of a wrong code, which counts as a try; returns the refusal of one that came late.</summary>
    public async Task<IResult?> Check(Owner? owner, string otp, Faults faults, CancellationToken ct)
    {
        var candidates = hashes.Candidates(owner?.Id ?? Guid.Empty, otp);
        var id = owner?.Id ?? Guid.Empty;
        var right = await db
            .Database.SqlQuery<DateTimeOffset?>(
                $"""
                UPDATE password_resets
                SET wrong_tries = wrong_tries + CASE WHEN otp_hash = ANY({candidates}) THEN 0 ELSE 1 END
                WHERE user_id = {id} AND wrong_tries < {WrongTries}
                RETURNING CASE WHEN otp_hash = ANY({candidates}) THEN expires_at END AS "Value"
                """
            )
            .ToListAsync(ct);
        if (right is [{ } expiresAt])
            return expiresAt > clock.GetUtcNow() ? null : Problems.OtpExpired;
        faults.Add("otp", InvalidCode);
        faults.Add("email", InvalidPair);
        return null;
    }

    /// <summary>Uses the code up; false when it is wrong, late, or was used meanwhile.</summary>
    public async Task<bool> Use(Guid owner, string otp, CancellationToken ct)
    {
        var candidates = hashes.Candidates(owner, otp);
        var now = clock.GetUtcNow();
        var used = await db
            .PasswordResets.Where(r =>
                r.UserId == owner && candidates.Contains(r.OtpHash) && r.ExpiresAt > now && r.WrongTries < WrongTries
            )
            .ExecuteDeleteAsync(ct);
        return used == 1;
    }
}
