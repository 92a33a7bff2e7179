namespace EduPro.Domain.Ordering;

/// <summary>Rows with <paramref name="From"/> &lt;= order &lt;= <paramref name="To"/> take order + <paramref name="By"/>.</summary>
public readonly record struct Shift(int From, int To, int By);

/// <summary>Where a row goes, and which others make room first (null: none).</summary>
public readonly record struct Placement(int Position, Shift? Shift);

/// <summary>
/// How siblings keep the orders 1..n without gaps or duplicates. The count and the update belong in one transaction
/// that holds the parent's row lock.
/// </summary>
public static class Positions
{
    /// <param name="count">Siblings before the insertion.</param>
    /// <param name="wanted">Clamped to 1..count + 1; null appends.</param>
    public static Placement Insert(int count, int? wanted)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var position = wanted is { } w ? Math.Clamp(w, 1, count + 1) : count + 1;
        return new Placement(position, position > count ? null : new Shift(position, count, 1));
    }

    /// <param name="count">Siblings, the moved one among them.</param>
    /// <param name="current">Its order now. The moved row itself stands outside the shift.</param>
    /// <param name="wanted">Clamped to 1..count.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="current"/> is not one of 1..count.</exception>
    public static Placement Move(int count, int current, int wanted)
    {
        ThrowIfNotAmong(count, current);
        var position = Math.Clamp(wanted, 1, count);
        return new Placement(
            position,
            position < current ? new Shift(position, current - 1, 1)
                : position > current ? new Shift(current + 1, position, -1)
                : null
        );
    }

    /// <summary>What closes the gap after a removal.</summary>
    /// <param name="count">Siblings, the removed one among them.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="current"/> is not one of 1..count.</exception>
    public static Shift? Remove(int count, int current)
    {
        ThrowIfNotAmong(count, current);
        return current == count ? null : new Shift(current + 1, count, -1);
    }

    private static void ThrowIfNotAmong(int count, int current)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(current, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(current, count);
    }
}
