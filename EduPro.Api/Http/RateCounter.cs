using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using StackExchange.Redis;

namespace EduPro.Api.Http;

/// <summary>Where a count stands.</summary>
/// <param name="Count">With the request that asked.</param>
/// <param name="ResetAt">When it starts again at zero.</param>
internal readonly record struct Tally(int Count, DateTimeOffset ResetAt);

/// <summary>
/// Counts in fixed windows, in Redis, so that replicas count together. When Redis does not answer at once, this replica
/// counts alone, and asks it no more for a few seconds. Keys may be secret, and long: a hash of them is kept.
/// </summary>
internal sealed partial class RateCounter : IDisposable
{
    private const int FailuresInARow = 3;

    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(150),
        Pause = TimeSpan.FromSeconds(5),
        Pulse = TimeSpan.FromMilliseconds(100);

    private readonly TimeProvider clock;
    private readonly ILogger<RateCounter> logger;
    private readonly PeriodicTimer pulse;

    // Connecting takes seconds when nobody answers: it must not hold up a request.
    private readonly Task<IDatabase> redis;

    private readonly ConcurrentDictionary<string, Window> windows = new();
    private int failures;
    private long askAgainAt;

    public RateCounter(IServiceProvider services, TimeProvider clock, ILogger<RateCounter> logger)
    {
        (this.clock, this.logger) = (clock, logger);
        redis = Task.Run(() => services.GetRequiredService<IConnectionMultiplexer>().GetDatabase());
        pulse = new PeriodicTimer(Pulse, clock);
        _ = Compare();
    }

    /// <summary>Counts one more under the key, with what all replicas counted.</summary>
    public async Task<Tally> Add(string key, TimeSpan window) =>
        await AddShared(key, 1, window) ?? Here(Hashed(key), window).Add(clock.GetUtcNow(), toTell: 0);

    /// <summary>
    /// Counts one more under the key without a wait: what other replicas counted is known some tenth of a second later.
    /// This is asked for each request, and keeps the key as it is; only Redis gets a hash.
    /// </summary>
    public Tally AddAtOnce(string key, TimeSpan window) => Here(key, window).Add(clock.GetUtcNow(), toTell: 1);

    /// <summary>The count under the key, without counting; zero when there is none.</summary>
    public async Task<Tally> Peek(string key) =>
        await Ask(async database =>
        {
            var count = database.StringGetAsync(Shared(key));
            var left = database.KeyTimeToLiveAsync(Shared(key));
            await Task.WhenAll(count, left);
            return Told((long?)await count ?? 0, await left ?? TimeSpan.Zero);
        }) ?? (windows.TryGetValue(Hashed(key), out var window) ? window.At(clock.GetUtcNow()) : default);

    public void Dispose() => pulse.Dispose();

    /// <summary>Tells the other replicas, again and again, what was counted at once, and hears what they counted.</summary>
    private async Task Compare()
    {
        while (await pulse.WaitForNextTickAsync())
        {
            await Task.WhenAll(
                from window in windows
                let more = window.Value.Tell()
                where more > 0
                select Compare(window.Key, window.Value, more)
            );
            var now = clock.GetUtcNow();
            foreach (var over in windows.Where(window => window.Value.At(now) == default))
                windows.TryRemove(over);
        }
    }

    private async Task Compare(string key, Window window, int more)
    {
        if (await AddShared(key, more, window.Length) is { } all)
            window.Hear(all);
    }

    private Task<Tally?> AddShared(string key, int more, TimeSpan window) =>
        Ask(async database =>
        {
            var shared = Shared(key);
            // Sent together, in this order: one round trip. A key that lost its expiry gets a new one.
            var count = database.StringIncrementAsync(shared, more);
            var expiry = database.KeyExpireAsync(shared, window, ExpireWhen.HasNoExpiry);
            var left = database.KeyTimeToLiveAsync(shared);
            await Task.WhenAll(count, expiry, left);
            return Told(await count, await left ?? window);
        });

    private static RedisKey Shared(string key) => "rate:" + Hashed(key);

    private static string Hashed(string key) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)).AsSpan(0, 16));

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

    private Window Here(string key, TimeSpan length) =>
        windows.GetOrAdd(key, static (_, length) => new Window(length), length);

    [LoggerMessage(LogLevel.Warning, "Rate limits are counted by this replica alone for {Pause}: {Reason}")]
    private partial void Alone(string reason, TimeSpan pause);

    /// <summary>What this replica counts under a key, and how much of it Redis was not told.</summary>
    private sealed class Window(TimeSpan length)
    {
        private readonly Lock counting = new();
        private Tally tally;
        private int untold;

        public TimeSpan Length => length;

        /// <param name="toTell">How much of it Redis is to be told.</param>
        public Tally Add(DateTimeOffset now, int toTell)
        {
            lock (counting)
            {
                untold += toTell;
                tally = tally.ResetAt > now ? tally with { Count = tally.Count + 1 } : new Tally(1, now + length);
                return tally;
            }
        }

        /// <summary>Where it stands; zero when it is over.</summary>
        public Tally At(DateTimeOffset now)
        {
            lock (counting)
                return tally.ResetAt > now ? tally : default;
        }

        /// <summary>How much Redis is told now.</summary>
        public int Tell()
        {
            lock (counting)
            {
                (var more, untold) = (untold, 0);
                return more;
            }
        }

        /// <summary>Takes over what all replicas counted, and what was counted here since Redis was told.</summary>
        public void Hear(Tally all)
        {
            lock (counting)
                tally = all with { Count = all.Count + untold };
        }
    }
}
