using EduPro.Domain.Text;

namespace EduPro.Domain.Catalogue;

/// <summary>What somebody searches for, in the forms in which the database looks for it. All terms have to match.</summary>
/// <param name="Phrase">The whole query, folded.</param>
/// <param name="Terms">Its words, folded, at most ten.</param>
/// <param name="Prefixes">The terms as a <c>tsquery</c>: each a word or the start of one.</param>
/// <param name="TitlePrefixes">The same for titles alone.</param>
/// <param name="Indexed">The longest term that an index of trigrams can look for inside words; null for none.</param>
public sealed record SearchTerms(string Phrase, string[] Terms, string Prefixes, string TitlePrefixes, string? Indexed)
{
    private const int MostTerms = 10;
    private const int Trigram = 3;

    /// <summary>Whether the terms are letters and digits only: then a word that starts with one also holds it.</summary>
    public bool ArePlain => Terms.All(term => term.All(char.IsLetterOrDigit));

    /// <summary>Null when there is nothing to search for.</summary>
    public static SearchTerms? Of(string? query)
    {
        var phrase = string.Join(' ', Words(query ?? ""));
        if (phrase.Length == 0)
            return null;
        string[] terms = [.. phrase.Split(' ').Distinct().Take(MostTerms)];
        return new SearchTerms(
            phrase,
            terms,
            string.Join(" & ", terms.Select(Prefix)),
            string.Join(" & ", terms.Select(term => Prefix(term) + 'A')),
            terms.Where(HasTrigram).MaxBy(term => term.Length)
        );
    }

    private static string[] Words(string query) =>
        TextFolding.Fold(query.Replace('\0', ' ')).Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static string Prefix(string term) =>
        $"'{term.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal)}':*";

    // Trigrams are made of letters and digits only; a pattern without one would read the whole index.
    private static bool HasTrigram(string term)
    {
        var run = 0;
        foreach (var c in term)
        {
            run = char.IsLetterOrDigit(c) ? run + 1 : 0;
            if (run == Trigram)
                return true;
        }
        return false;
    }
}
