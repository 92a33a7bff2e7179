using System.Security.Cryptography;

namespace EduPro.Domain.Pricing;

public static class CouponCodes
{
    public const int Length = 10;

    /// <summary>A-Z and 2-9 without I, L and O, which are read as 1 and 0.</summary>
    public const string Alphabet = "ABCDEFGHJKMNPQRSTUVWXYZ23456789";

    /// <summary>A fresh code, each character uniform. Uniqueness is the database's.</summary>
    public static string Generate() => RandomNumberGenerator.GetString(Alphabet, Length);

    /// <summary>Whether this is the code that free courses take in place of a coupon.</summary>
    public static bool IsFree(string? code) => "FREE".Equals(code?.Trim(), StringComparison.OrdinalIgnoreCase);
}
