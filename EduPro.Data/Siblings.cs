using EduPro.Domain.Ordering;
using Microsoft.EntityFrameworkCore;

namespace EduPro.Data;

/// <summary>
/// Keeps the orders of siblings 1..n. Each call belongs in a transaction that holds the lock on their parent.
/// </summary>
public static class Siblings
{
    /// <summary>Makes room for a new row and returns its place; null appends.</summary>
    public static async Task<int> MakeRoom<T>(this IQueryable<T> siblings, int? wanted, CancellationToken ct)
        where T : class, IOrdered
    {
        var placement = Positions.Insert(await siblings.CountAsync(ct), wanted);
        await siblings.Apply(placement.Shift, ct);
        return placement.Position;
    }

    /// <summary>Shifts the others for a row that moves, and returns the place that it takes.</summary>
    public static async Task<int> MoveOver<T>(
        this IQueryable<T> siblings,
        int current,
        int wanted,
        CancellationToken ct
    )
        where T : class, IOrdered
    {
        var placement = Positions.Move(await siblings.CountAsync(ct), current, wanted);
        await siblings.Apply(placement.Shift, ct);
        return placement.Position;
    }

    /// <summary>Closes the gap that a row leaves which is deleted next.</summary>
    public static async Task CloseGap<T>(this IQueryable<T> siblings, int leaving, CancellationToken ct)
        where T : class, IOrdered => await siblings.Apply(Positions.Remove(await siblings.CountAsync(ct), leaving), ct);

    private static Task Apply<T>(this IQueryable<T> siblings, Shift? shift, CancellationToken ct)
        where T : class, IOrdered =>
        shift is not { From: var from, To: var to, By: var by }
            ? Task.CompletedTask
            : siblings
                .Where(row => row.Order >= from && row.Order <= to)
                .ExecuteUpdateAsync(row => row.SetProperty(r => r.Order, r => r.Order + by), ct);
}
