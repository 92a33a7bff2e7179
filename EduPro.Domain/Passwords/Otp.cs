using System.Globalization;
using System.Security.Cryptography;

namespace EduPro.Domain.Passwords;

public static class Otp
{
    /// <summary>Six digits, leading zeros kept, uniform.</summary>
    public static string Generate() =>
        RandomNumberGenerator.GetInt32(1_000_000).ToString("D6", CultureInfo.InvariantCulture);
}
