using System.Globalization;
using System.Text;

namespace EduPro.Domain.Text;

/// <summary>The one form in which texts are compared: searched text and query, short answer and key.</summary>
public static class TextFolding
{
    /// <summary>
    /// Without case, accents, Arabic vowel marks and tatweel, with one form of alef, ya, kaf and ta marbuta (as ha),
    /// without invisible formatting and outer blanks. Folding twice is folding once.
    /// </summary>
    public static string Fold(string text)
    {
        var folded = new StringBuilder(text.Length);
        foreach (var rune in Decompose(text).EnumerateRunes())
        {
            if (IsAccent(rune) || rune.Value == '\u0640' || Rune.GetUnicodeCategory(rune) == UnicodeCategory.Format)
                continue;
            if (Rune.IsWhiteSpace(rune))
                folded.Append(' ');
            else
                // By way of upper case, where final sigma and long s meet the letters that they are.
                Append(folded, Rune.ToLowerInvariant(Rune.ToUpperInvariant(rune)));
        }
        return folded.ToString().Normalize(NormalizationForm.FormC).Trim();
    }

    /// <summary>The text without what <see cref="string.Normalize()"/> throws at: lone surrogates and U+FFFE.</summary>
    internal static string Normalizable(string text) =>
        string.Concat(text.EnumerateRunes().Where(r => r.Value != 0xFFFE));

    // Canonical: x2 is not x with a raised 2. Only the presentation forms, which are mere looks of Arabic, Latin and
    // Hebrew letters, are taken apart further.
    private static string Decompose(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var rune in Normalizable(text).EnumerateRunes())
            if (rune.Value is >= 0xFB00 and <= 0xFFEF)
                plain.Append(rune.ToString().Normalize(NormalizationForm.FormKD));
            else
                plain.Append(rune);
        return plain.ToString().Normalize(NormalizationForm.FormD);
    }

    // Not every nonspacing mark: in Hindi or Thai these are vowels.
    private static bool IsAccent(Rune rune) =>
        rune.Value
            is >= '\u0300'
                and <= '\u036F'
                or >= '\u1AB0'
                and <= '\u1AFF'
                or >= '\u1DC0'
                and <= '\u1DFF'
                or >= '\u20D0'
                and <= '\u20FF'
        || (
            rune.Value
                is >= '\u0591'
                    and <= '\u05C7'
                    or >= '\u0610'
                    and <= '\u061A'
                    or >= '\u064B'
                    and <= '\u065F'
                    or '\u0670'
                    or >= '\u06D6'
                    and <= '\u06ED'
                    or >= '\u08D3'
                    and <= '\u08FF'
            && Rune.GetUnicodeCategory(rune) == UnicodeCategory.NonSpacingMark
        );

    private static void Append(StringBuilder folded, Rune rune)
    {
        switch (rune.Value)
        {
            case '\u0671' or '\u0672' or '\u0673': // alef wasla, alef with wavy hamza
                folded.Append('\u0627');
                break;
            case '\u0649' or '\u06CC': // alef maqsura, Farsi ya
                folded.Append('\u064A');
                break;
            case '\u06A9': // keheh
                folded.Append('\u0643');
                break;
            case '\u0629': // ta marbuta
                folded.Append('\u0647');
                break;
            case 'ß':
                folded.Append("ss");
                break;
            case 'æ':
                folded.Append("ae");
                break;
            case 'œ':
                folded.Append("oe");
                break;
            case 'ø':
                folded.Append('o');
                break;
            case 'ł':
                folded.Append('l');
                break;
            case 'đ':
                folded.Append('d');
                break;
            case 'ı':
                folded.Append('i');
                break;
            default:
                folded.Append(rune);
                break;
        }
    }
}
