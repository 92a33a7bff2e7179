namespace EduPro.Domain.Ordering;

/// <summary>Orders of siblings that are all in memory, by the rules of <see cref="Positions"/>.</summary>
public static class Siblings
{
    /// <summary>Makes room among the siblings and returns the order of the one to come.</summary>
    /// <param name="wanted">Clamped; null appends.</param>
    public static int MakeRoom<T>(this IReadOnlyCollection<T> siblings, int? wanted)
        where T : class, IOrdered
    {
        var placement = Positions.Insert(siblings.Count, wanted);
        Apply(siblings, placement.Shift, except: null);
        return placement.Position;
    }

    /// <summary>Moves one of the siblings; the others close up and make room.</summary>
    public static void Move<T>(this IReadOnlyCollection<T> siblings, T moved, int wanted)
        where T : class, IOrdered
    {
        var placement = Positions.Move(siblings.Count, moved.Order, wanted);
        Apply(siblings, placement.Shift, moved);
        moved.Order = placement.Position;
    }

    /// <summary>Closes the gap that one of the siblings leaves.</summary>
    public static void CloseGap<T>(this IReadOnlyCollection<T> siblings, T removed)
        where T : class, IOrdered => Apply(siblings, Positions.Remove(siblings.Count, removed.Order), removed);

    private static void Apply<T>(IEnumerable<T> siblings, Shift? shift, T? except)
        where T : class, IOrdered
    {
        if (shift is not { } by)
            return;
        foreach (var sibling in siblings)
            if (sibling != except && sibling.Order >= by.From && sibling.Order <= by.To)
                sibling.Order += by.By;
    }
}
