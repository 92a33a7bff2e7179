using EduPro.Api.Http;

namespace EduPro.Api.Features.Accounts;

/// <summary>
/// Ends the caller's session. A browser that slept longer than its access token lived still has the refresh token's
/// cookie, and wants to be logged out no less.
/// </summary>
internal static class Logout
{
    public sealed record Response(string Message);

    public static async Task<IResult> Handle(
        CurrentUser caller,
        HttpContext http,
        RefreshTokens tokens,
        SignIn signIn,
        CancellationToken ct
    )
    {
        var session = caller.SessionId;
        if (session == Guid.Empty)
        {
            var (holder, _) = await tokens.Read(sent: null, ct);
            if (holder is null)
                return await Refusals.OfToken(http);
            session = holder.Session;
        }
        await signIn.End(session, ct);
        return TypedResults.Ok(new Response("Successfully logged out"));
    }
}
