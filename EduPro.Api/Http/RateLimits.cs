using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace EduPro.Api.Http;

/// <summary>Takes requests from what a client, an account, a session or an address has left.</summary>
internal sealed class RateLimits(RateCounter counter, IOptions<RateLimitOptions> options, TimeProvider clock)
{
    public RateLimitOptions Options => options.Value;

    /// <summary>
    /// Takes one, and returns the 429 when there was none left. The response's headers tell of the limit of which the
    /// least is left.
    /// </summary>
    /// <param name="what">Names the limit; limits of other names are counted apart.</param>
    /// <param name="whose">May be secret, and long.</param>
    public async Task<Problem?> Take(HttpContext context, RateLimit limit, string what, string whose)
    {
        var shown = Shown.Of(context);
        return Answer(shown, limit, await counter.Add($"{what}:{whose}", limit.Window));
    }

    /// <summary>
    /// The same of what an account, or a <see cref="Stranger"/>, has left for all that it asks. Nobody waits for it, as it
    /// need not hold to the request across replicas.
    /// </summary>
    public Problem? TakeOfClient(HttpContext context, string client)
    {
        var limit = Options.Client;
        return Answer(Shown.Of(context), limit, counter.AddAtOnce("client:" + client, limit.Window));
    }

    private Problem? Answer(Shown shown, RateLimit limit, Tally tally)
    {
        var permits = limit.Permits * Options.Factor;
        shown.Tell(permits, Math.Max(0, permits - tally.Count), tally.ResetAt);
        return tally.Count <= permits ? null : Problems.RateLimitedUntil(tally.ResetAt, clock);
    }

    /// <summary>Whom a caller without an account is counted as.</summary>
    public static string Stranger(HttpContext context) => "address " + AddressOf(context);

    /// <summary>The address that calls; of IPv6 the network that one subscriber gets.</summary>
    public static string AddressOf(HttpContext context)
    {
        var address = context.Connection.RemoteIpAddress ?? IPAddress.None;
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        return address.AddressFamily is AddressFamily.InterNetworkV6
            ? Convert.ToHexStringLower(address.GetAddressBytes().AsSpan(0, 8))
            : address.ToString();
    }

    /// <summary>What the headers of this response will say.</summary>
    private sealed class Shown
    {
        private readonly Lock telling = new();
        private int permits,
            remaining = int.MaxValue;
        private DateTimeOffset resetAt;

        public static Shown Of(HttpContext context)
        {
            if (context.Features.Get<Shown>() is { } shown)
                return shown;
            shown = new Shown();
            context.Features.Set(shown);
            context.Response.OnStarting(
                static state =>
                {
                    var (headers, shown) = ((IHeaderDictionary, Shown))state;
                    if (shown.remaining == int.MaxValue)
                        return Task.CompletedTask;
                    headers["X-RateLimit-Limit"] = shown.permits.ToString(CultureInfo.InvariantCulture);
                    headers["X-RateLimit-Remaining"] = shown.remaining.ToString(CultureInfo.InvariantCulture);
                    headers["X-RateLimit-Reset"] = shown
                        .resetAt.ToUnixTimeSeconds()
                        .ToString(CultureInfo.InvariantCulture);
                    return Task.CompletedTask;
                },
                (context.Response.Headers, shown)
            );
            return shown;
        }

        public void Tell(int permits, int remaining, DateTimeOffset resetAt)
        {
            lock (telling)
            {
                if (remaining < this.remaining)
                    (this.permits, this.remaining, this.resetAt) = (permits, remaining, resetAt);
            }
        }
    }
}

internal static class RateLimiting
{
    /// <summary>The limit by address of routes that make or open accounts.</summary>
    public static TBuilder LimitedAsSignIn<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new SignInLimit());

    public static void AddRateLimits(this WebApplicationBuilder builder)
    {
        builder.Services.Configure<RateLimitOptions>(builder.Configuration.GetSection("RateLimits"));
        builder.Services.AddSingleton<RateCounter>();
        builder.Services.AddSingleton<RateLimits>();
    }

    /// <summary>Takes each request under <c>/api</c> from what its client has left, whatever becomes of it.</summary>
    public static void UseRateLimits(this WebApplication app)
    {
        var limits = app.Services.GetRequiredService<RateLimits>();
        app.UseWhen(
            context => context.Request.Path.StartsWithSegments("/api"),
            api =>
                api.Use(
                    async (context, next) =>
                    {
                        if (await Refusal(limits, context) is { } refusal)
                            await refusal.ExecuteAsync(context);
                        else
                            await next(context);
                    }
                )
        );
    }

    private static async ValueTask<Problem?> Refusal(RateLimits limits, HttpContext context)
    {
        var caller = CurrentUser.Of(context);
        var client = caller.IsStranger ? RateLimits.Stranger(context) : "user " + caller.Id;
        var refusal = limits.TakeOfClient(context, client);
        var isSignIn = context.GetEndpoint()?.Metadata.GetMetadata<SignInLimit>() is not null;
        var isUpload =
            context.Request.ContentType?.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase) is true;
        if (!isSignIn && !isUpload)
            return refusal;
        // Asked together: one wait for both.
        var signIn = isSignIn
            ? limits.Take(context, limits.Options.SignIn, "sign-in", RateLimits.Stranger(context))
            : None;
        var upload = isUpload ? limits.Take(context, limits.Options.Upload, "upload", client) : None;
        return new[] { refusal, await signIn, await upload }.OfType<Problem>().MaxBy(refused => refused.RetryAfter);
    }

    private static readonly Task<Problem?> None = Task.FromResult<Problem?>(null);

    private sealed class SignInLimit;
}
