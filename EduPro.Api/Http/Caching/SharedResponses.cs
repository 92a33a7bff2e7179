using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Caching.Memory;

namespace EduPro.Api.Http;

/// <summary>
/// Keeps, for a moment, the public responses that strangers ask for more than once. Who is signed in reads anew, so that
/// a writer sees what was written on every replica; others see it at once where it was written, and elsewhere when the
/// time is over.
/// </summary>
/// <remarks>
/// ASP.NET Core's output cache does the same, but takes 80 KB for each response that it does not have yet, however short:
/// two thirds of what such a read allocates (docs/performance.md).
/// </remarks>
internal sealed class SharedResponses : IDisposable
{
    private const long MostBytes = 8 * 1024 * 1024;

    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(2);

    private readonly MemoryCache kept = new(new MemoryCacheOptions { SizeLimit = MostBytes });
    private readonly Doorkeeper doorkeeper = new(2 * Lifetime);
    private readonly ConcurrentDictionary<(string, long), Task<PublicResponse?>> making = new();
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

    /// <summary>The response that is kept, null for none.</summary>
    /// <inheritdoc cref="Get" path="/param[@name='what']"/>
    public PublicResponse? Find(string what) =>
        kept.TryGetValue(what, out Kept? known) && known!.Generation == Generation ? Hit(known.Response) : null;

    /// <summary>The response that is kept, or being made for another, and else the one that is made now.</summary>
    /// <param name="what">Tells apart what is answered differently.</param>
    /// <returns>Also whether it was made for another.</returns>
    public async Task<(PublicResponse Response, bool IsShared)> Get(
        string what,
        Func<Task<PublicResponse>> make,
        CancellationToken ct
    )
    {
        var key = (what, Generation);
        if (Find(what) is { } known)
            return (known, true);
        var made = new TaskCompletionSource<PublicResponse?>(TaskCreationOptions.RunContinuationsAsynchronously);
        var first = making.GetOrAdd(key, made.Task);
        if (first != made.Task && await first.WaitAsync(ct) is { } shared)
            return (Hit(shared), true);
        requests.Add(1, new KeyValuePair<string, object?>("result", "miss"));
        // Most of what is asked for once is never asked for again.
        var isAskedAgain = doorkeeper.Knows(what);
        doorkeeper.Tell(what);
        var since = Stopwatch.GetTimestamp();
        PublicResponse? response = null;
        try
        {
            response = await make();
        }
        finally
        {
            if (first == made.Task)
            {
                var shareable = response is { IsShareable: true } ? response : null;
                if (isAskedAgain && shareable is not null)
                    Keep(key, shareable, Lifetime - Stopwatch.GetElapsedTime(since));
                making.TryRemove(key, out _);
                made.SetResult(shareable);
            }
        }
        return (response, false);
    }

    public void Dispose() => kept.Dispose();

    private PublicResponse Hit(PublicResponse response)
    {
        requests.Add(1, new KeyValuePair<string, object?>("result", "hit"));
        return response;
    }

    private void Keep((string What, long Generation) key, PublicResponse response, TimeSpan life)
    {
        if (life > TimeSpan.Zero)
            kept.Set(
                key.What,
                new Kept(response, key.Generation),
                new MemoryCacheEntryOptions { AbsoluteExpirationRelativeToNow = life, Size = response.Body.Length }
            );
    }

    private sealed record Kept(PublicResponse Response, long Generation);
}
