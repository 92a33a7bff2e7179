using System.Collections.Concurrent;
using StackExchange.Redis;

namespace EduPro.Api.Http;

/// <summary>Where a count stands.</summary>
/// <param name="Count">With the request that asked.</param>
/// <param name="ResetAt">When it starts again at zero.</param>
internal readonly record struct Tally(int Count, DateTimeOffset ResetAt);

/// <summary>
/// Counts in fixed windows, in Redis, so that replicas count together. When Redis does not answer at once, this replica
/// counts alone, and asks it no more for a few seconds.
/// </summary>
internal sealed partial class RateCounter(IServiceProvider services, TimeProvider clock, ILogger<RateCounter> logger)
{
    private const int LocalSize = 100_000,
        FailuresInARow = 3;

    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(150),
        Pause = TimeSpan.FromSeconds(5);

    // Connecting takes seconds when nobody answers: it must not hold up a request.
    private readonly Task<IDatabase> redis = Task.Run(() =>
        services.GetRequiredService<IConnectionMultiplexer>().GetDatabase()
    );

    private readonly ConcurrentDictionary<string, Tally> local = new();
    private int failures;
    private long askAgainAt;

    /// <summary>Counts one more under the key.</summary>
    public async Task<Tally> Add(string key, TimeSpan window) =>
        await Ask(async database =>
        {
            // Sent together, in this order: one round trip. A key that lost its expiry gets a new one.
            var count = database.StringIncrementAsync(Shared(key));
            var expiry = database.KeyExpireAsync(Shared(key), window, ExpireWhen.HasNoExpiry);
            var left = database.KeyTimeToLiveAsync(Shared(key));
            await Task.WhenAll(count, expiry, left);
            return Told(await count, await left ?? window);
        }) ?? AddLocal(key, window);

    /// <summary>The count under the key, without counting; zero when there is none.</summary>
    public async Task<Tally> Peek(string key) =>
        await Ask(async database =>
        {
            var count = database.StringGetAsync(Shared(key));
            var left = database.KeyTimeToLiveAsync(Shared(key));
            await Task.WhenAll(count, left);
            return Told((long?)await count ?? 0, await left ?? TimeSpan.Zero);
        }) ?? (local.TryGetValue(key, out var tally) && tally.ResetAt > clock.GetUtcNow() ? tally : default);

    private static RedisKey Shared(string key) => "rate:" + key;

    private Tally Told(long count, TimeSpan left) => new((int)Math.Min(count, int.MaxValue), clock.GetUtcNow() + left);

    /// <summary>What Redis says; null when it does not at once, or did not lately.</summary>
    private async Task<Tally?> Ask(Func<IDatabase, Task<Tally>> question)
    {
        if (!redis.IsCompletedSuccessfully || clock.GetTimestamp() < Interlocked.Read(ref askAgainAt))
            return null;
        try
        {
            var tally = await question(await redis).WaitAsync(Patience, clock);
            Interlocked.Exchange(ref failures, 0);
            return tally;
        }
        catch (Exception e) when (e is RedisException or TimeoutException or ObjectDisposedException)
        {
            if (Interlocked.Increment(ref failures) >= FailuresInARow)
            {
                Interlocked.Exchange(
                    ref askAgainAt,
                    clock.GetTimestamp() + (long)(Pause.TotalSeconds * clock.TimestampFrequency)
                );
                Alone(e.Message, Pause);
            }
            return null;
        }
    }

    private Tally AddLocal(string key, TimeSpan window)
    {
        var now = clock.GetUtcNow();
        if (local.Count > LocalSize)
        {
            foreach (var (old, tally) in local)
            {
                if (tally.ResetAt <= now)
                    local.TryRemove(old, out _);
            }
        }
        return local.AddOrUpdate(
            key,
            _ => new Tally(1, now + window),
            (_, tally) => tally.ResetAt <= now ? new Tally(1, now + window) : tally with { Count = tally.Count + 1 }
        );
    }

    [LoggerMessage(LogLevel.Warning, "Rate limits are counted by this replica alone for {Pause}: {Reason}")]
    private partial void Alone(string reason, TimeSpan pause);
}
