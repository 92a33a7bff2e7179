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
    private const int LocalSize = 100_000;

    /// <summary>A key expires with its window; one that lost its expiry gets a new one.</summary>
    private const string Script = """
        local n = redis.call('INCR', KEYS[1])
        local left = redis.call('PTTL', KEYS[1])
        if left < 0 then
            redis.call('PEXPIRE', KEYS[1], ARGV[1])
            left = tonumber(ARGV[1])
        end
        return {n, left}
        """;

    private const string PeekScript =
        "return {tonumber(redis.call('GET', KEYS[1]) or '0'), redis.call('PTTL', KEYS[1])}";

    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(200),
        Pause = TimeSpan.FromSeconds(5);

    // Connecting takes seconds when nobody answers: it must not hold up a request.
    private readonly Task<IDatabase> redis = Task.Run(() =>
        services.GetRequiredService<IConnectionMultiplexer>().GetDatabase()
    );

    private readonly ConcurrentDictionary<string, Tally> local = new();
    private long askAgainAt;

    /// <summary>Counts one more under the key.</summary>
    public async Task<Tally> Add(string key, TimeSpan window) =>
        await Ask(Script, key, [(long)window.TotalMilliseconds]) ?? AddLocal(key, window);

    /// <summary>The count under the key, without counting; zero when there is none.</summary>
    public async Task<Tally> Peek(string key) =>
        await Ask(PeekScript, key, [])
        ?? (local.TryGetValue(key, out var tally) && tally.ResetAt > clock.GetUtcNow() ? tally : default);

    /// <summary>What Redis says, null when it does not answer at once.</summary>
    private async Task<Tally?> Ask(string script, string key, RedisValue[] arguments)
    {
        if (!redis.IsCompletedSuccessfully || clock.GetTimestamp() < Interlocked.Read(ref askAgainAt))
            return null;
        try
        {
            var database = await redis;
            var answer = await database
                .ScriptEvaluateAsync(script, [new RedisKey("rate:" + key)], arguments)
                .WaitAsync(Patience, clock);
            var numbers = (long[])answer!;
            return new Tally((int)Math.Min(numbers[0], int.MaxValue), clock.GetUtcNow().AddMilliseconds(numbers[1]));
        }
        catch (Exception e) when (e is RedisException or TimeoutException or ObjectDisposedException)
        {
            Interlocked.Exchange(
                ref askAgainAt,
                clock.GetTimestamp() + (long)(Pause.TotalSeconds * clock.TimestampFrequency)
            );
            Alone(e.Message, Pause);
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
