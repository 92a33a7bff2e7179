using System.Globalization;

namespace EduPro.Domain.Enrollments;

public static class Countries
{
    /// <summary>
    /// Whether a course sold in these countries is sold to a student of this one. A student who names no country is
    /// nowhere.
    /// </summary>
    /// <param name="allowed">ISO 3166 alpha-2 codes, null for everywhere.</param>
    /// <param name="country">What the profile says: a code or a name, in English or the country's language.</param>
    public static bool Allow(IReadOnlyCollection<string>? allowed, string? country) =>
        allowed is null || (country?.Trim() is { Length: > 0 } name && allowed.Any(code => IsCalled(code, name)));

    private static bool IsCalled(string code, string name)
    {
        if (code.Equals(name, StringComparison.OrdinalIgnoreCase))
            return true;
        try
        {
            var region = new RegionInfo(code);
            return region.EnglishName.Equals(name, StringComparison.OrdinalIgnoreCase)
                || region.NativeName.Equals(name, StringComparison.OrdinalIgnoreCase)
                || region.ThreeLetterISORegionName.Equals(name, StringComparison.OrdinalIgnoreCase);
        }
        catch (ArgumentException)
        {
            // A code that names no country is no country's.
            return false;
        }
    }
}
