namespace EduPro.Api.Http;

/// <summary>
/// Remembers for a moment what it was told, of any number of things in the same memory: what falls into the slot of
/// another takes it, and the other is not known anymore.
/// </summary>
/// <seealso href="https://doi.org/10.1145/3149371">TinyLFU: A Highly Efficient Cache Admission Policy</seealso>
/// <param name="memory">How long it remembers.</param>
internal sealed class Doorkeeper(TimeSpan memory)
{
    private const int Slots = 8192;

    /// <summary>Of what was told last: its hash in the upper half, when, in milliseconds, in the lower.</summary>
    private readonly long[] told = new long[Slots];

    /// <summary>Whether it was told this a moment ago.</summary>
    public bool Knows(object what)
    {
        var hash = what.GetHashCode();
        var last = Volatile.Read(ref told[(uint)hash % Slots]);
        return (int)(last >> 32) == hash && (uint)(Environment.TickCount - (int)last) <= memory.TotalMilliseconds;
    }

    public void Tell(object what)
    {
        var hash = what.GetHashCode();
        Volatile.Write(ref told[(uint)hash % Slots], ((long)hash << 32) | (uint)Environment.TickCount);
    }
}
