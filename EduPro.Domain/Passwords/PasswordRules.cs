using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace EduPro.Domain.Passwords;

/// <summary>Whose password it is; what is null or empty is not compared.</summary>
public sealed record PasswordOwner(string? Username, string? FirstName, string? LastName, string? Email);

/// <summary>Django's default password validators, with Django's messages.</summary>
public static partial class PasswordRules
{
    public const int MinLength = 8;

    /// <summary>For <c>old_password</c>.</summary>
    public const string OldIncorrect = "Your old password was entered incorrectly. Please enter it again.";

    /// <summary>For <c>new_password2</c>.</summary>
    public const string NewMismatch = "The two password fields didn't match.";

    /// <summary>For <c>password2</c> of a registration.</summary>
    public const string RegistrationMismatch = "Passwords don't match.";

    /// <summary>
    /// All faults in Django's order: similarity (the first attribute that is too similar), length, common, numeric.
    /// </summary>
    /// <param name="common">Common passwords in lower case.</param>
    public static IReadOnlyList<string> Faults(string password, PasswordOwner? owner, IReadOnlySet<string> common)
    {
        var faults = new List<string>();
        if (SimilarAttribute(password, owner) is { } attribute)
            faults.Add($"The password is too similar to the {attribute}.");
        if (password.EnumerateRunes().Count() < MinLength)
            faults.Add($"This password is too short. It must contain at least {MinLength} characters.");
        if (common.Contains(password.ToLowerInvariant().Trim()))
            faults.Add("This password is too common.");
        if (IsNumeric(password))
            faults.Add("This password is entirely numeric.");
        return faults;
    }

    private static string? SimilarAttribute(string password, PasswordOwner? owner)
    {
        if (owner is null)
            return null;
        (string Name, string? Value)[] attributes =
        [
            ("username", owner.Username),
            ("first name", owner.FirstName),
            ("last name", owner.LastName),
            ("email address", owner.Email),
        ];
        var lowered = password.ToLowerInvariant();
        return attributes
            .Where(a => !string.IsNullOrEmpty(a.Value))
            .Select(a => (a.Name, Value: a.Value!.ToLowerInvariant()))
            .FirstOrDefault(a => NonWord.Split(a.Value).Append(a.Value).Any(part => IsSimilar(lowered, part)))
            .Name;
    }

    // Python's SequenceMatcher.quick_ratio() >= 0.7: twice the characters in common, order aside, over all characters.
    // In whole numbers, which agrees with the correctly rounded quotient.
    private static bool IsSimilar(string password, string part)
    {
        var available = part.EnumerateRunes().CountBy(r => r).ToDictionary();
        var length = available.Values.Sum();
        var matches = 0;
        foreach (var rune in password.EnumerateRunes())
        {
            length++;
            if (available.GetValueOrDefault(rune) is > 0 and var left)
            {
                available[rune] = left - 1;
                matches++;
            }
        }
        return 20 * matches >= 7 * length;
    }

    // Python's isdigit: digits of every script, superscripts too.
    private static bool IsNumeric(string password)
    {
        if (password.Length == 0)
            return false;
        for (var i = 0; i < password.Length; i += char.IsSurrogatePair(password, i) ? 2 : 1)
            if (CharUnicodeInfo.GetDigitValue(password, i) < 0)
                return false;
        return true;
    }

    // Python's \W; .NET's own differs in marks.
    [GeneratedRegex(@"[^\p{L}\p{N}_]+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NonWord { get; }
}
