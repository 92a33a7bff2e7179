using CsCheck;
using EduPro.Domain.Ordering;
using EduPro.Domain.Progress;
using Xunit;

namespace EduPro.Tests.Domain;

public class OrderingTests
{
    [Fact]
    public void Insertions_append_clamp_and_make_room()
    {
        Assert.Equal(new Placement(1, null), Positions.Insert(0, null));
        Assert.Equal(new Placement(4, null), Positions.Insert(3, null));
        Assert.Equal(new Placement(4, null), Positions.Insert(3, 99));
        Assert.Equal(new Placement(1, new Shift(1, 3, 1)), Positions.Insert(3, -5));
        Assert.Equal(new Placement(3, new Shift(3, 3, 1)), Positions.Insert(3, 3));
    }

    [Fact]
    public void Moves_shift_what_lies_between()
    {
        Assert.Equal(new Placement(2, new Shift(2, 3, 1)), Positions.Move(5, 4, 2));
        Assert.Equal(new Placement(4, new Shift(3, 4, -1)), Positions.Move(5, 2, 4));
        Assert.Equal(new Placement(3, null), Positions.Move(5, 3, 3));
        Assert.Equal(new Placement(5, null), Positions.Move(5, 5, 99));
    }

    [Fact]
    public void Removals_close_the_gap()
    {
        Assert.Equal(new Shift(3, 5, -1), Positions.Remove(5, 2));
        Assert.Null(Positions.Remove(5, 5));
    }

    [Fact]
    public void What_is_not_there_cannot_move()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Positions.Move(3, 4, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Positions.Move(0, 1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Positions.Remove(3, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Positions.Insert(-1, 1));
    }

    // The model is a list; the rows only ever see the shifts, as the database does.
    [Fact]
    public void Any_history_keeps_one_to_n_and_the_sequence_of_a_list() =>
        Gen.Select(Gen.Int[0, 2], Gen.Int[0, 12], Gen.Int[-2, 14].Nullable())
            .Array[0, 40]
            .Sample(history =>
            {
                var list = new List<int>();
                var rows = new Dictionary<int, int>();
                foreach (var ((kind, at, wanted), id) in history.Select((h, i) => (h, i)))
                {
                    if (kind == 0 || list.Count == 0)
                    {
                        var (position, shift) = Positions.Insert(list.Count, wanted);
                        Apply(shift);
                        rows[id] = position;
                        list.Insert(Math.Clamp((wanted ?? int.MaxValue) - 1, 0, list.Count), id);
                        continue;
                    }
                    var chosen = list[at % list.Count];
                    if (kind == 1)
                    {
                        var (position, shift) = Positions.Move(list.Count, rows[chosen], wanted ?? 1);
                        Apply(shift);
                        rows[chosen] = position;
                        list.Remove(chosen);
                        list.Insert(Math.Clamp((wanted ?? 1) - 1, 0, list.Count), chosen);
                    }
                    else
                    {
                        var shift = Positions.Remove(list.Count, rows[chosen]);
                        rows.Remove(chosen);
                        Apply(shift);
                        list.Remove(chosen);
                    }
                }
                Assert.Equal(list, rows.OrderBy(r => r.Value).Select(r => r.Key));
                Assert.Equal(Enumerable.Range(1, rows.Count), rows.Values.Order());

                void Apply(Shift? shift)
                {
                    if (shift is not { } s)
                        return;
                    foreach (
                        var key in rows.Where(r => r.Value >= s.From && r.Value <= s.To).Select(r => r.Key).ToArray()
                    )
                        rows[key] += s.By;
                }
            });
}

public class ProgressTests
{
    [Theory]
    [InlineData(0, 0, "0")]
    [InlineData(0, 3, "0")]
    [InlineData(1, 3, "33.33")]
    [InlineData(2, 3, "66.67")]
    [InlineData(3, 3, "100")]
    [InlineData(4, 3, "100")]
    [InlineData(1, 32, "3.12")]
    public void Progress_is_completed_over_all(int completed, int lessons, string percentage) =>
        Assert.Equal(
            decimal.Parse(percentage, System.Globalization.CultureInfo.InvariantCulture),
            CourseProgress.Percentage(completed, lessons)
        );

    [Fact]
    public void Counts_are_not_negative()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => CourseProgress.Percentage(-1, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => CourseProgress.Percentage(0, -3));
    }
}
