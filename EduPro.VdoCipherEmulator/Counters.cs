using System.Collections.Concurrent;

namespace EduPro.VdoCipherEmulator;

/// <summary>How often each operation was asked for, refused ones included; and refusals and hooks.</summary>
internal sealed class Counters
{
    private readonly ConcurrentDictionary<string, long> counts = [];

    public void Count(string name) => counts.AddOrUpdate(name, 1, (_, count) => count + 1);

    public SortedDictionary<string, long> Read() => new(counts, StringComparer.Ordinal);

    public void Reset() => counts.Clear();
}
