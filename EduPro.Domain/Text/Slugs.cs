using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace EduPro.Domain.Text;

/// <summary>Django's slugify.</summary>
public static partial class Slugs
{
    /// <summary>ASCII letters, digits, <c>_</c> and <c>-</c> in lower case; empty when nothing of that is there.</summary>
    public static string Of(string text)
    {
        var ascii = string.Concat(
                TextFolding.Normalizable(text).Normalize(NormalizationForm.FormKD).Where(char.IsAscii)
            )
            .ToLowerInvariant();
        return Blanks.Replace(Unfit.Replace(ascii, ""), "-").Trim('-', '_');
    }

    /// <summary>
    /// What to try in turn until one is free: <c>sam</c>, <c>sam-2</c>, <c>sam-3</c>, ... because <c>s.am</c> and
    /// <c>sam</c> have one slug; a text without one starts at <c>user</c>.
    /// </summary>
    public static IEnumerable<string> Candidates(string text)
    {
        var slug = Of(text) is { Length: > 0 } own ? own : "user";
        yield return slug;
        for (var n = 2; n < int.MaxValue; n++)
            yield return string.Create(CultureInfo.InvariantCulture, $"{slug}-{n}");
    }

    [GeneratedRegex(@"[^a-z0-9_\s-]", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Unfit { get; }

    [GeneratedRegex(@"[-\s]+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Blanks { get; }
}
