using System.Diagnostics.Metrics;
using System.Globalization;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.Extensions.Primitives;

namespace EduPro.Api.Http;

/// <summary>
/// Keeps the public responses for strangers for a few seconds. Who is signed in reads anew, so that a writer sees what
/// was written on every replica; others see it at once where it was written, and elsewhere when the time is over.
/// </summary>
internal sealed class SharedResponses : IOutputCachePolicy
{
    /// <summary>The policy's name.</summary>
    public const string Name = "shared";

    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(3);

    private readonly Counter<long> requests;
    private long generation;

    public SharedResponses(IMeterFactory meters) =>
        requests = meters
            .Create(ServiceDefaults.ServiceDefaults.TelemetryName)
            .CreateCounter<long>("edupro.cache.requests", "{request}", "Public reads of strangers.");

    /// <summary>How often something changed that strangers see.</summary>
    public long Generation => Interlocked.Read(ref generation);

    /// <summary>
    /// Lets nobody have anymore what was kept until now, nor what is being read now: it may not show a change that has
    /// just been made.
    /// </summary>
    public void Forget() => Interlocked.Increment(ref generation);

    public ValueTask CacheRequestAsync(OutputCacheContext context, CancellationToken cancellationToken)
    {
        var isStranger = context.HttpContext.User.Identity?.IsAuthenticated is not true;
        context.EnableOutputCaching = isStranger;
        context.AllowCacheLookup = context.AllowCacheStorage = context.AllowLocking = true;
        context.ResponseExpirationTimeSpan = Lifetime;
        context.CacheVaryByRules.QueryKeys = "*";
        context.CacheVaryByRules.VaryByValues["generation"] = Generation.ToString(CultureInfo.InvariantCulture);
        return ValueTask.CompletedTask;
    }

    public ValueTask ServeFromCacheAsync(OutputCacheContext context, CancellationToken cancellationToken)
    {
        requests.Add(1, new KeyValuePair<string, object?>("result", "hit"));
        return ValueTask.CompletedTask;
    }

    public ValueTask ServeResponseAsync(OutputCacheContext context, CancellationToken cancellationToken)
    {
        requests.Add(1, new KeyValuePair<string, object?>("result", "miss"));
        var response = context.HttpContext.Response;
        context.AllowCacheStorage =
            response.StatusCode == StatusCodes.Status200OK
            && response.Headers.CacheControl == Caching.Public
            && StringValues.IsNullOrEmpty(response.Headers.SetCookie);
        return ValueTask.CompletedTask;
    }
}
