using EduPro.Api.Http;
using EduPro.Data;
using EduPro.Domain.Accounts;

namespace EduPro.Api.Features.Accounts;

/// <summary>Opens sessions and hands out their tokens, in the body and as cookies.</summary>
internal sealed class SignIn(EduProDb db, Tokens tokens, TimeProvider clock, IHttpContextAccessor http)
{
    /// <summary>The tokens of a session.</summary>
    public sealed record Pair(string Access, string Refresh);

    /// <summary>Adds a session to the context, unsaved, and sets its cookies.</summary>
    public Pair Open(User user)
    {
        var now = clock.GetUtcNow();
        var session = new Session
        {
            Id = Guid.CreateVersion7(now),
            UserId = user.Id,
            CreatedAt = now,
            ExpiresAt = now + tokens.Options.RefreshLifetime,
        };
        db.Sessions.Add(session);
        user.LastLogin = now;
        var pair = new Pair(
            tokens.Access(user.Id, user.Type, session.Id),
            tokens.Refresh(user.Id, user.Type, session.Id)
        );
        SetCookie(Authentication.AccessCookie, pair.Access, "/", tokens.Options.AccessLifetime);
        SetCookie(Authentication.RefreshCookie, pair.Refresh, "/api/", tokens.Options.RefreshLifetime);
        return pair;
    }

    private void SetCookie(string name, string value, string path, TimeSpan lifetime) =>
        http.HttpContext!.Response.Cookies.Append(
            name,
            value,
            new CookieOptions
            {
                Path = path,
                HttpOnly = true,
                SameSite = SameSiteMode.Lax,
                Secure = http.HttpContext.Request.IsHttps,
                MaxAge = lifetime,
            }
        );
}
