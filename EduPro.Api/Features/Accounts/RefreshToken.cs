using EduPro.Api.Http;
using EduPro.Data;
using EduPro.Domain.Accounts;
using Microsoft.EntityFrameworkCore;

namespace EduPro.Api.Features.Accounts;

/// <summary>
/// A new access token for a refresh token, which stays as it is. The web client asks these routes who is logged in, so
/// under its prefix each serves its own kind of user only.
/// </summary>
internal static class RefreshToken
{
    public sealed class Request
    {
        /// <summary>Without it, the cookie counts.</summary>
        public string? Refresh { get; init; }
    }

    public sealed record Response(string Access);

    public static async Task<IResult> OfAnybody(
        Body<Request> body,
        HttpContext http,
        EduProDb db,
        RefreshTokens tokens,
        SignIn signIn,
        CancellationToken ct
    )
    {
        if (await body.Read(ct) is { } problem)
            return problem;
        var (holder, refusal) = await tokens.Read(body.Value.Refresh, ct);
        if (holder is null)
            return refusal!;
        return Dialect.IsSpoken(http) && holder.Type is UserType.Student
            ? Problems.InvalidRefreshToken
            : TypedResults.Ok(new Response(signIn.Renew(holder.Id, holder.Type, holder.Session)));
    }

    public static async Task<IResult> OfStudent(
        string teacher_username,
        Body<Request> body,
        EduProDb db,
        RefreshTokens tokens,
        SignIn signIn,
        CancellationToken ct
    )
    {
        if (
            await db.Teachers.Named(teacher_username).Select(t => t.Id).FirstOrDefaultAsync(ct) is var teacher
            && teacher == Guid.Empty
        )
            return Problems.TeacherNotFound;
        if (await body.Read(ct) is { } problem)
            return problem;
        var (holder, refusal) = await tokens.Read(body.Value.Refresh, ct);
        if (holder is null)
            return refusal!;
        var isActive = await db
            .TeacherStudents.Where(r => r.TeacherId == teacher && r.StudentId == holder.Id)
            .Select(r => (bool?)r.IsActive)
            .FirstOrDefaultAsync(ct);
        // Whoever is not this teacher's student is nobody here, which is no 403: the client would give up at that.
        return isActive is null ? Problems.InvalidRefreshToken
            : isActive is false ? Problems.AccountBlocked
            : TypedResults.Ok(new Response(signIn.Renew(holder.Id, holder.Type, holder.Session)));
    }
}

/// <summary>Reads refresh tokens; they are checked against the database each time, so that an ended session's is refused at once.</summary>
internal sealed class RefreshTokens(
    EduProDb db,
    Tokens tokens,
    RateLimits limits,
    TimeProvider clock,
    IHttpContextAccessor http
)
{
    /// <summary>Whose refresh token it is.</summary>
    public sealed record Holder(Guid Id, UserType Type, Guid Session);

    /// <summary>The holder of this refresh token or, without one, of the cookie's; else the refusal.</summary>
    public async Task<(Holder? Holder, IResult? Refusal)> Read(string? sent, CancellationToken ct)
    {
        var token = string.IsNullOrEmpty(sent) ? http.HttpContext!.Request.Cookies[Authentication.RefreshCookie] : sent;
        if (string.IsNullOrEmpty(token))
            return (null, ValidationProblem.On("refresh", "This field is required."));
        if (await tokens.ReadRefresh(token) is not { } claims)
            return (null, Problems.InvalidRefreshToken);
        var id = Guid.Parse(claims.GetClaim(TokenClaims.Session).Value);
        var limit = limits.Options.Refresh;
        if (await limits.Take(http.HttpContext!, limit, "refresh", id.ToString()) is { } limited)
            return (null, limited);
        var now = clock.GetUtcNow();
        var holder = await db
            .Sessions.Where(s => s.Id == id && s.EndedAt == null && s.ExpiresAt > now && s.User.IsActive)
            .Select(s => new Holder(s.UserId, s.User.Type, s.Id))
            .FirstOrDefaultAsync(ct);
        return (holder, holder is null ? Problems.InvalidRefreshToken : null);
    }
}
