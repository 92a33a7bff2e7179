using System.Text;

namespace EduPro.Domain.Text;

/// <summary>Text that the database cannot hold, in DRF's words.</summary>
public static class TextFaults
{
    public const string NullCharacters = "Null characters are not allowed.";

    public static IReadOnlyList<string> Of(string? text)
    {
        var faults = new List<string>();
        if (text is null)
            return faults;
        if (text.Contains('\0', StringComparison.Ordinal))
            faults.Add(NullCharacters);
        for (var rest = text.AsSpan(); !rest.IsEmpty; )
        {
            if (Rune.DecodeFromUtf16(rest, out _, out var used) != System.Buffers.OperationStatus.Done)
            {
                faults.Add($"Surrogate characters are not allowed: U+{(int)rest[0]:X}.");
                break;
            }
            rest = rest[used..];
        }
        return faults;
    }

    /// <summary>Whether text that stands on one line (a name, a title) holds a control character.</summary>
    public static bool HasControlCharacters(string text) => text.Any(char.IsControl);

    /// <summary>The same for text of several lines: tabs and line ends are fine.</summary>
    public static bool HasControlCharactersBeyondLines(string text) =>
        text.Any(c => char.IsControl(c) && c is not ('\t' or '\n' or '\r'));
}
