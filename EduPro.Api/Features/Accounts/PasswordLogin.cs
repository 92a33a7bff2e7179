using System.Diagnostics.Metrics;
using EduPro.Api.Http;
using EduPro.Data;
using EduPro.Data.Security;
using EduPro.Domain.Accounts;
using Microsoft.EntityFrameworkCore;

namespace EduPro.Api.Features.Accounts;

/// <summary>
/// Lets a person in by name and password. Who has no account, or gives the wrong password, learns neither which of the
/// two it was nor, by the clock, anything else.
/// </summary>
internal sealed class PasswordLogin(
    EduProDb db,
    PasswordHashing passwords,
    SignIn signIn,
    RateLimits limits,
    RateCounter counter,
    LoginMetrics metrics,
    TimeProvider clock,
    IHttpContextAccessor http
)
{
    private const int FailuresInARow = 10;
    private static readonly TimeSpan LockTime = TimeSpan.FromMinutes(15);

    /// <param name="users">Those whom this door is for; to it, the others do not exist.</param>
    /// <param name="teacher">At whose door the person stands; null at one without a teacher.</param>
    public async Task<IResult> Run(Login.Request request, IQueryable<User> users, Guid? teacher, CancellationToken ct)
    {
        var result = await Decide(request, users, teacher, ct);
        metrics.Count((result as IStatusCodeHttpResult)?.StatusCode);
        return result;
    }

    private async Task<IResult> Decide(
        Login.Request request,
        IQueryable<User> users,
        Guid? teacher,
        CancellationToken ct
    )
    {
        if (string.IsNullOrEmpty(request.Name) || string.IsNullOrEmpty(request.Password))
            return Problems.CredentialsRequired;
        var key = request.Name.ToLowerInvariant();
        if (await limits.Take(http.HttpContext!, limits.Options.SignIn, "sign-in", "account " + key) is { } limited)
            return limited;
        // Somebody's username may be another's later email address: the address is the stronger claim.
        var user = await users
            .Where(u => (u.UsernameKey == key || u.EmailKey == key) && u.IsActive)
            .OrderByDescending(u => u.EmailKey == key)
            .Select(u => new
            {
                u.Id,
                u.Type,
                u.Username,
                u.Email,
                u.PasswordHash,
                u.LockedUntil,
                IsActiveRelation = db
                    .TeacherStudents.Where(r => r.TeacherId == teacher && r.StudentId == u.Id)
                    .Select(r => (bool?)r.IsActive)
                    .FirstOrDefault(),
            })
            .FirstOrDefaultAsync(ct);
        var lockedUntil = user is null ? await UnknownLockedUntil(key) : user.LockedUntil;
        if (lockedUntil is { } time && time > clock.GetUtcNow())
            return Problems.RateLimitedUntil(time, clock);
        var matches = await passwords.Verify(request.Password, user?.PasswordHash, ct);
        if (matches is null)
            return PasswordHashing.Busy;
        if (user is null || matches is false)
        {
            await (user is null ? CountUnknownFailure(key) : CountFailure(user.Id, ct));
            return Problems.UserNotFound;
        }
        if (teacher is not null && user.IsActiveRelation is null)
            return Problems.NotRegistered;
        if (user.IsActiveRelation is false)
            return Problems.AccountBlocked;
        if (await signIn.Open(user.Id, user.Type, user.PasswordHash, ct) is not { } tokens)
            return Problems.UserNotFound;
        if (PasswordHash.IsOutdated(user.PasswordHash))
            await Upgrade(user.Id, request.Password, user.PasswordHash, ct);
        return TypedResults.Ok(
            new Login.Response(
                tokens.Access,
                tokens.Refresh,
                new Login.LoggedIn(user.Id, user.Username, user.Email, user.Type)
            )
        );
    }

    private Task<int> CountFailure(Guid user, CancellationToken ct)
    {
        var lockedUntil = clock.GetUtcNow() + LockTime;
        return db
            .Users.Where(u => u.Id == user)
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(u => u.FailedLogins, u => (u.FailedLogins + 1) % FailuresInARow)
                        .SetProperty(
                            u => u.LockedUntil,
                            u => u.FailedLogins + 1 >= FailuresInARow ? lockedUntil : u.LockedUntil
                        ),
                ct
            );
    }

    // A name without an account is locked like one with: who tries learns nothing from the lock.
    private static readonly TimeSpan UnknownMemory = TimeSpan.FromDays(1);

    private static string UnknownFailures(string key) => "unknown-failures:" + key;

    private static string UnknownLock(string key) => "unknown-lock:" + key;

    private async Task<DateTimeOffset?> UnknownLockedUntil(string key) =>
        await counter.Peek(UnknownLock(key)) is { Count: > 0 } locked ? locked.ResetAt : null;

    private async Task CountUnknownFailure(string key)
    {
        var failures = await counter.Add(UnknownFailures(key), UnknownMemory);
        if (failures.Count % FailuresInARow == 0)
            await counter.Add(UnknownLock(key), LockTime);
    }

    /// <summary>Hashes anew under today's parameters, unless the password was changed meanwhile or there is a queue.</summary>
    private async Task Upgrade(Guid user, string password, string outdated, CancellationToken ct)
    {
        if (await passwords.Create(password, ct) is { } hash)
            await db
                .Users.Where(u => u.Id == user && u.PasswordHash == outdated)
                .ExecuteUpdateAsync(set => set.SetProperty(u => u.PasswordHash, hash), ct);
    }
}

/// <summary>Counts log-ins: <c>edupro.logins</c>, with what came of them as <c>outcome</c>.</summary>
internal sealed class LoginMetrics(IMeterFactory meters)
{
    private readonly Counter<long> logins = meters
        .Create(ServiceDefaults.ServiceDefaults.TelemetryName)
        .CreateCounter<long>("edupro.logins", "{login}", "Log-ins that were tried.");

    public void Count(int? status) =>
        logins.Add(
            1,
            new KeyValuePair<string, object?>(
                "outcome",
                status switch
                {
                    StatusCodes.Status200OK => "ok",
                    StatusCodes.Status429TooManyRequests => "limited",
                    StatusCodes.Status503ServiceUnavailable => "busy",
                    _ => "refused",
                }
            )
        );
}
