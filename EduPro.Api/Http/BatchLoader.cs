using EduPro.Data;

namespace EduPro.Api.Http;

/// <summary>
/// Reads by key for several requests in one query: what is asked for while a query runs waits for the next one, which
/// asks for all of it. A service at rest asks at once; the busier it is, the less it asks for each request. Nobody gets
/// what was read before it asked.
/// </summary>
/// <param name="read">The rows of all the keys; those of one key in its order.</param>
/// <param name="keyOf">The key of a row.</param>
/// <seealso href="https://github.com/graphql/dataloader">DataLoader, which made the idea known</seealso>
internal sealed class BatchLoader<TKey, T>(Func<EduProDb, TKey[], IAsyncEnumerable<T>> read, Func<T, TKey> keyOf)
    : IDisposable
    where TKey : notnull
{
    private const int QueriesAtOnce = 2,
        MostKeys = 64;

    /// <summary>Who has waited so long asks beside the others: queries that hang hold up nobody else.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);

    private readonly SemaphoreSlim turns = new(QueriesAtOnce);
    private readonly Lock gate = new();
    private Batch? next;

    /// <summary>The rows of the key, none for one that is not there.</summary>
    /// <param name="db">Asks for the whole batch when this request is its first.</param>
    public async Task<List<T>> Get(EduProDb db, TKey key, CancellationToken ct)
    {
        Batch batch;
        bool isFirst;
        lock (gate)
        {
            isFirst = next is null;
            batch = next ??= new Batch();
            batch.Keys.Add(key);
            if (batch.Keys.Count == MostKeys)
                next = null;
        }
        if (isFirst)
            await Ask(db, batch);
        return [.. (await batch.Rows.Task.WaitAsync(ct))[key]];
    }

    public void Dispose() => turns.Dispose();

    /// <summary>Cannot be cancelled by the first request's client: it asks for others, too.</summary>
    private async Task Ask(EduProDb db, Batch batch)
    {
        var hasTurn = await turns.WaitAsync(Patience);
        try
        {
            TKey[] keys;
            lock (gate)
            {
                if (next == batch)
                    next = null;
                keys = batch.Keys.ForAnyPlan();
            }
            batch.Rows.SetResult((await read(db, keys).ToListAsync()).ToLookup(keyOf));
        }
        catch (Exception e)
        {
            batch.Rows.SetException(e);
        }
        finally
        {
            if (hasTurn)
                turns.Release();
        }
    }

    private sealed class Batch
    {
        public HashSet<TKey> Keys { get; } = [];

        public TaskCompletionSource<ILookup<TKey, T>> Rows { get; } =
            new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
