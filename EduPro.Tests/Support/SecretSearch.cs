using System.Buffers;
using System.Text;

namespace EduPro.Tests.Support;

/// <summary>Finds secrets in what services wrote, whatever their case: those that are known, and what looks like one.</summary>
internal sealed class SecretSearch
{
    private const int Enough = 24,
        Around = 120;

    private static readonly (string Kind, string Value)[] Looks =
    [
        ("address", "@example."),
        ("address", "@edupro."),
        ("token", "eyJhbGciOi"),
        ("token", "eyJ0eXAiOi"),
        ("hash of a password", "$argon2"),
    ];

    private readonly Dictionary<string, string> kinds = new(StringComparer.OrdinalIgnoreCase);
    private readonly int[] lengths;
    private readonly SearchValues<string> values;

    public SecretSearch(IEnumerable<(string Kind, string Value)> secrets)
    {
        // The end of a token, its signature, is what makes it one; it is also all that the search has to keep in mind.
        foreach (var (kind, value) in Looks.Concat(secrets))
            kinds.TryAdd(Bytes(value.Length > Enough ? value[^Enough..] : value), kind);
        lengths = [.. kinds.Keys.Select(value => value.Length).Distinct().OrderDescending()];
        values = SearchValues.Create([.. kinds.Keys], StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>A secret that was found, and its surroundings without it.</summary>
    public sealed record Leak(string Kind, string Secret, string Line);

    /// <param name="written">Bytes as Latin-1: telemetry is not text everywhere.</param>
    public IReadOnlyList<Leak> In(ReadOnlySpan<char> written)
    {
        List<Leak> leaks = [];
        for (var at = 0; written[at..].IndexOfAny(values) is >= 0 and var next; at++)
        {
            at += next;
            var (kind, length) = KindAt(written, at);
            if (kind is null)
                continue;
            leaks.Add(new(kind, written.Slice(at, length).ToString(), Line(written, at, length, kind)));
            at += length - 1;
        }
        return leaks;
    }

    /// <summary>Text as <see cref="In"/> reads it.</summary>
    public static string Bytes(string text) => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text));

    private (string? Kind, int Length) KindAt(ReadOnlySpan<char> written, int at)
    {
        var known = kinds.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (var length in lengths)
            if (at + length <= written.Length && known.TryGetValue(written.Slice(at, length), out var kind))
                if (!IsPartOfANumber(written, at, length))
                    return (kind, length);
        return default;
    }

    /// <summary>Digits alone are a secret only where they stand alone, not in an id or behind a decimal point.</summary>
    private static bool IsPartOfANumber(ReadOnlySpan<char> written, int at, int length) =>
        !written.Slice(at, length).ContainsAnyExceptInRange('0', '9')
        && (
            at > 0 && (char.IsAsciiLetterOrDigit(written[at - 1]) || written[at - 1] == '.')
            || at + length < written.Length && char.IsAsciiLetterOrDigit(written[at + length])
        );

    private static string Line(ReadOnlySpan<char> written, int at, int length, string kind)
    {
        var before = written[Math.Max(0, at - Around)..at];
        var after = written[(at + length)..Math.Min(written.Length, at + length + Around)];
        before = before[(before.LastIndexOf('\n') + 1)..];
        if (after.IndexOf('\n') is >= 0 and var end)
            after = after[..end];
        return Printable(before) + $"<{kind}>" + Printable(after);
    }

    private static string Printable(ReadOnlySpan<char> text) =>
        string.Create(
            text.Length,
            text,
            static (chars, text) =>
            {
                for (var i = 0; i < chars.Length; i++)
                    chars[i] = text[i] is >= ' ' and <= '~' ? text[i] : '·';
            }
        );
}
