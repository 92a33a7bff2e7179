using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Caching.Memory;

namespace EduPro.Api.Http;

/// <summary>
/// How long lists were a moment ago: to count what half of all courses hold takes longer than to show a page of them.
/// What changes on this replica is counted anew.
/// </summary>
internal sealed class RecentCounts(IMemoryCache cache, SharedResponses shared)
{
    /// <summary>Together with the life of a shared response less than the five seconds that strangers may wait.</summary>
    private static readonly TimeSpan Staleness = TimeSpan.FromSeconds(2.5);

    /// <summary>Only for choosing a query, all of which answer the same: an old answer is good enough.</summary>
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(1);

    /// <summary>How long the list was a moment ago, if that was long.</summary>
    public int? Long(object what) =>
        cache.TryGetValue(Key(what), out int count) && count > PageRequest.LongestList ? count : null;

    /// <summary>Whether the list was long when it was counted last, within a minute.</summary>
    public bool WasLong(object what) => cache.TryGetValue((typeof(RecentCounts), what), out _);

    /// <summary>Remembers what another query has counted.</summary>
    public int Keep(object what, int count)
    {
        if (count > PageRequest.LongestList)
            cache.Set((typeof(RecentCounts), what), true, Memory);
        return cache.Set(Key(what), count, Staleness);
    }

    /// <param name="what">Tells the list from all others, by its value.</param>
    public async Task<int> Of<T>(IQueryable<T> rows, object what, CancellationToken ct)
    {
        if (cache.TryGetValue(Key(what), out int known))
            return known;
        return Keep(what, await rows.CountAsync(ct));
    }

    private (Type, object, long) Key(object what) => (typeof(RecentCounts), what, shared.Generation);
}
