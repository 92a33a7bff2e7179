using EduPro.Data;
using EduPro.Domain.Accounts;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;

namespace EduPro.Api.Http;

/// <summary>Who may call a route; every route names one of these or stands among the anonymous ones.</summary>
internal static class Policies
{
    public const string User = nameof(User),
        Teacher = nameof(Teacher),
        Student = nameof(Student),
        Admin = nameof(Admin);

    public static TBuilder ForUsers<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.RequireAuthorization(User);

    /// <param name="denied">The route's own words for a caller of another type.</param>
    public static TBuilder ForTeachers<TBuilder>(this TBuilder endpoint, Problem? denied = null)
        where TBuilder : IEndpointConventionBuilder => endpoint.RequireAuthorization(Teacher).DeniedBy(denied);

    /// <inheritdoc cref="ForTeachers"/>
    public static TBuilder ForStudents<TBuilder>(this TBuilder endpoint, Problem? denied = null)
        where TBuilder : IEndpointConventionBuilder => endpoint.RequireAuthorization(Student).DeniedBy(denied);

    public static TBuilder ForAdmins<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.RequireAuthorization(Admin);

    /// <summary>The route's own words for a caller without credentials.</summary>
    public static TBuilder ChallengedBy<TBuilder>(this TBuilder endpoint, Problem challenge)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(challenge);

    private static TBuilder DeniedBy<TBuilder>(this TBuilder endpoint, Problem? denied)
        where TBuilder : IEndpointConventionBuilder => denied is null ? endpoint : endpoint.WithMetadata(denied);
}

/// <summary>Bearer tokens in the header or, without one, in the cookie; refusals in the contract's shape.</summary>
internal static class Authentication
{
    public const string AccessCookie = "access_token",
        RefreshCookie = "refresh_token";

    public static void AddEduProAuthentication(this WebApplicationBuilder builder)
    {
        builder.AddSecrets();
        builder.Services.Configure<TokenOptions>(builder.Configuration.GetSection("Jwt"));
        builder.Services.AddSingleton<Tokens>();
        builder.Services.AddMemoryCache();
        builder.Services.AddSingleton<LiveSessions>();
        builder.Services.AddSingleton<IAuthorizationMiddlewareResultHandler, Refusals>();
        builder
            .Services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme)
            .AddJwtBearer(bearer =>
            {
                bearer.MapInboundClaims = false;
                bearer.Events = new JwtBearerEvents
                {
                    OnMessageReceived = context =>
                    {
                        if (!context.Request.Headers.ContainsKey("Authorization"))
                            context.Token = context.Request.Cookies[AccessCookie];
                        return Task.CompletedTask;
                    },
                    OnTokenValidated = async context =>
                    {
                        var sessions = context.HttpContext.RequestServices.GetRequiredService<LiveSessions>();
                        var session = context.Principal!.FindFirst(TokenClaims.Session)!.Value;
                        if (!await sessions.IsLive(Guid.Parse(session), context.HttpContext.RequestAborted))
                            context.Fail("The session has ended.");
                    },
                };
            });
        // Comes with authentication and makes keys when it starts, for cookies that we do not have (dotnet/aspnetcore#47410).
        builder.Services.Remove(
            builder.Services.Single(service => service.ImplementationType?.Name is "DataProtectionHostedService")
        );
        builder
            .Services.AddOptions<JwtBearerOptions>(JwtBearerDefaults.AuthenticationScheme)
            .Configure<Tokens>((bearer, tokens) => bearer.TokenValidationParameters = tokens.AccessParameters);
        builder
            .Services.AddAuthorizationBuilder()
            .AddPolicy(Policies.User, policy => policy.RequireAuthenticatedUser())
            .AddPolicy(Policies.Teacher, policy => policy.RequireClaim(TokenClaims.UserType, "teacher"))
            .AddPolicy(Policies.Student, policy => policy.RequireClaim(TokenClaims.UserType, "student"))
            .AddPolicy(Policies.Admin, policy => policy.RequireClaim(TokenClaims.UserType, "admin"));
    }

    /// <summary>
    /// Finds out who a caller with credentials is; strangers, who ask most, are not looked at.
    /// </summary>
    public static void UseEduProAuthentication(this WebApplication app)
    {
        // Says that this is done: the host would otherwise do it first of all, for everyone.
        ((IApplicationBuilder)app).Properties["__AuthenticationMiddlewareSet"] = true;
        app.UseWhen(context => ShowsCredentials(context.Request), known => known.UseAuthentication());
    }

    /// <summary>Whether the caller may be somebody we know; nothing is checked yet.</summary>
    public static bool ShowsCredentials(HttpRequest request) =>
        request.Headers.Authorization.Count > 0
        || (request.Headers.Cookie.Count > 0 && request.Cookies.ContainsKey(AccessCookie));

    /// <summary>
    /// Refuses a bad Authorization header on every route, also an anonymous one, and a cookie that another site sent;
    /// a stale cookie counts as no credentials.
    /// </summary>
    public static void UseCredentialChecks(this WebApplication app)
    {
        var origins = app.Services.GetRequiredService<CorsOrigins>();
        app.Use(
            async (context, next) =>
            {
                var hasHeader = context.Request.Headers.ContainsKey("Authorization");
                if (hasHeader && context.User.Identity is not { IsAuthenticated: true })
                    await (await Refusals.OfToken(context)).ExecuteAsync(context);
                else if (!hasHeader && IsForeignCookie(context.Request, origins))
                    await Problems.ForeignOrigin.ExecuteAsync(context);
                else
                    await next(context);
            }
        );
    }

    private static bool IsForeignCookie(HttpRequest request, CorsOrigins allowed) =>
        !HttpMethods.IsGet(request.Method)
        && !HttpMethods.IsHead(request.Method)
        && !HttpMethods.IsOptions(request.Method)
        && (request.Cookies.ContainsKey(AccessCookie) || request.Cookies.ContainsKey(RefreshCookie))
        && request.Headers.Origin is [{ } origin]
        && origin != $"{request.Scheme}://{request.Host}"
        && !allowed.Sites.Contains(origin);
}

/// <summary>The sites whose pages may call us with cookies.</summary>
internal sealed record CorsOrigins(IReadOnlyList<string> Sites);

/// <summary>
/// Whether a session still lives, asked of the database at most once a second: an ended session's access token is
/// refused within that time on every replica.
/// </summary>
internal sealed class LiveSessions(IMemoryCache cache, IServiceScopeFactory scopes, TimeProvider clock)
{
    private static readonly TimeSpan Staleness = TimeSpan.FromMilliseconds(900);

    public async ValueTask<bool> IsLive(Guid session, CancellationToken ct)
    {
        if (cache.TryGetValue((typeof(LiveSessions), session), out bool live))
            return live;
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<EduProDb>();
        // What is known is as old as the question, not as the answer.
        var now = clock.GetUtcNow();
        live = await db.Sessions.AnyAsync(
            s => s.Id == session && s.EndedAt == null && s.ExpiresAt > now && s.User.IsActive,
            ct
        );
        return cache.Set((typeof(LiveSessions), session), live, now + Staleness);
    }

    /// <summary>Forgets what is known of a session, on this replica.</summary>
    public void Forget(Guid session) => cache.Remove((typeof(LiveSessions), session));
}

/// <summary>Writes 401 and 403 in the route's words where it has some, else in the catalogue's.</summary>
internal sealed class Refusals : IAuthorizationMiddlewareResultHandler
{
    public async Task HandleAsync(
        RequestDelegate next,
        HttpContext context,
        AuthorizationPolicy policy,
        PolicyAuthorizationResult authorizeResult
    )
    {
        if (authorizeResult.Succeeded)
            await next(context);
        else if (authorizeResult.Challenged)
            await (await OfToken(context)).ExecuteAsync(context);
        else
            await OfUserType(context).ExecuteAsync(context);
    }

    /// <summary>Why the caller counts as nobody: no token, an expired one, or a bad one.</summary>
    public static async Task<Problem> OfToken(HttpContext context)
    {
        var outcome = await context.AuthenticateAsync();
        return outcome.Failure switch
        {
            null => OwnWords(context, 401) ?? Problems.AuthenticationRequired,
            SecurityTokenExpiredException => Problems.TokenExpired,
            _ => Problems.InvalidToken,
        };
    }

    private static Problem OfUserType(HttpContext context) =>
        OwnWords(context, 403)
        ?? context.GetEndpoint()?.Metadata.GetMetadata<IAuthorizeData>()?.Policy switch
        {
            Policies.Teacher => Problems.WrongUserType("teachers"),
            Policies.Student => Problems.WrongUserType("students"),
            Policies.Admin => Problems.WrongUserType("admins"),
            _ => Problems.PermissionDenied,
        };

    private static Problem? OwnWords(HttpContext context, int status) =>
        context
            .GetEndpoint()
            ?.Metadata.GetOrderedMetadata<Problem>()
            .LastOrDefault(problem => problem.Status == status);
}
