using EduPro.Api.Http;
using EduPro.Data;
using EduPro.Domain.Accounts;
using Microsoft.EntityFrameworkCore;

namespace EduPro.Api.Features.Accounts;

/// <summary>Opens and ends sessions, and hands out their tokens, in the body and as cookies.</summary>
internal sealed class SignIn(
    EduProDb db,
    Tokens tokens,
    LiveSessions live,
    TimeProvider clock,
    IHttpContextAccessor http
)
{
    /// <summary>The tokens of a session.</summary>
    public sealed record Pair(string Access, string Refresh);

    /// <summary>
    /// Opens a session and sets its cookies; null when the password that was verified is no longer the user's, so that
    /// none outlives the change that ended the others.
    /// </summary>
    public async Task<Pair?> Open(Guid user, UserType type, string verifiedHash, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var session = Guid.CreateVersion7(now);
        var opened = await db.Database.ExecuteSqlAsync(
            $"""
            WITH person AS (
                UPDATE users SET last_login = {now}, failed_logins = 0, locked_until = NULL
                WHERE id = {user} AND is_active AND password_hash = {verifiedHash}
                RETURNING id)
            INSERT INTO sessions (id, user_id, created_at, expires_at)
            SELECT {session}, id, {now}, {now + tokens.Options.RefreshLifetime} FROM person
            """,
            ct
        );
        if (opened == 0)
            return null;
        var pair = new Pair(Renew(user, type, session), tokens.Refresh(user, type, session));
        SetCookie(Authentication.RefreshCookie, pair.Refresh, RefreshPath, tokens.Options.RefreshLifetime);
        return pair;
    }

    /// <summary>A new access token of the session, set as its cookie too.</summary>
    public string Renew(Guid user, UserType type, Guid session)
    {
        var access = tokens.Access(user, type, session);
        SetCookie(Authentication.AccessCookie, access, AccessPath, tokens.Options.AccessLifetime);
        return access;
    }

    /// <summary>Ends the session and takes its cookies back. Other replicas learn of it within a second.</summary>
    public async Task End(Guid session, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await db
            .Sessions.Where(s => s.Id == session && s.EndedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(s => s.EndedAt, now), ct);
        live.Forget(session);
        var cookies = http.HttpContext!.Response.Cookies;
        cookies.Delete(Authentication.AccessCookie, Cookie(AccessPath, lifetime: null));
        cookies.Delete(Authentication.RefreshCookie, Cookie(RefreshPath, lifetime: null));
    }

    private const string AccessPath = "/",
        RefreshPath = "/api/";

    private void SetCookie(string name, string value, string path, TimeSpan lifetime) =>
        http.HttpContext!.Response.Cookies.Append(name, value, Cookie(path, lifetime));

    private CookieOptions Cookie(string path, TimeSpan? lifetime) =>
        new()
        {
            Path = path,
            HttpOnly = true,
            SameSite = SameSiteMode.Lax,
            Secure = http.HttpContext!.Request.IsHttps,
            MaxAge = lifetime,
        };
}
