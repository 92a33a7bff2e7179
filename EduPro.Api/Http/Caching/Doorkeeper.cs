namespace EduPro.Api.Http;

/// <summary>
/// Remembers for a moment what was asked for, to tell what is worth keeping: most of what is asked for once is never
/// asked for again. What falls into the same of its slots overwrites it; then it is not known the next time.
/// </summary>
/// <seealso href="https://doi.org/10.1145/3149371">TinyLFU: A Highly Efficient Cache Admission Policy</seealso>
/// <param name="memory">How long it remembers.</param>
internal sealed class Doorkeeper(TimeSpan memory)
{
    private const int Slots = 8192;

    /// <summary>Of what was asked for last: its hash in the upper half, when, in milliseconds, in the lower.</summary>
    private readonly long[] asked = new long[Slots];

    /// <summary>Whether this was asked for a moment ago; from now on it was.</summary>
    public bool Knows(string what)
    {
        var hash = what.GetHashCode(StringComparison.Ordinal);
        var now = Environment.TickCount;
        var before = Interlocked.Exchange(ref asked[(uint)hash % Slots], ((long)hash << 32) | (uint)now);
        return (int)(before >> 32) == hash && (uint)(now - (int)before) <= memory.TotalMilliseconds;
    }
}
