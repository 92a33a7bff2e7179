using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace EduPro.Data.Security;

/// <summary>
/// The secrets of section <c>Jwt:Keys</c>, which the API and the worker share: the first makes, all of them check, so
/// that a key is rotated by putting the new one in front of the old. What is no token is made with keys derived from
/// these, one a purpose.
/// </summary>
public sealed class MasterKeys
{
    /// <summary>The key of development, known to everyone who reads this; refused anywhere else.</summary>
    public const string Development = "ZWR1cHJvLWRldmVsb3BtZW50LWtleS1ub3QtZm9yLXByb2R1Y3Rpb24h";

    private const int LeastBytes = 32;

    private MasterKeys(IReadOnlyList<byte[]> keys) => All = keys;

    /// <summary>The keys, each of at least 256 bits; never empty.</summary>
    public IReadOnlyList<byte[]> All { get; }

    /// <summary>Those of a stack that was told none, in Development.</summary>
    public static MasterKeys OfDevelopment { get; } = new([Decode(Development, 0)]);

    /// <summary>The keys of this configuration.</summary>
    /// <exception cref="InvalidOperationException">
    /// A key is missing, too short, or outside Development the one of development; the message says what to set.
    /// </exception>
    public static MasterKeys From(IConfiguration configuration, IHostEnvironment environment)
    {
        var keys = configuration.GetSection("Jwt:Keys").Get<string[]>() ?? [];
        if (keys.Length == 0 && environment.IsDevelopment())
            return OfDevelopment;
        if (keys.Length == 0 || (!environment.IsDevelopment() && keys.Contains(Development)))
            throw new InvalidOperationException(
                "Set Jwt:Keys:0 (environment: Jwt__Keys__0) to a secret key of your own: base64 of at least 32 random bytes."
            );
        return new MasterKeys([.. keys.Select(Decode)]);
    }

    /// <summary>A 256-bit key for each master key, by HKDF, for this purpose alone.</summary>
    public IReadOnlyList<byte[]> Derive(string purpose) =>
        [
            .. All.Select(key =>
                HKDF.DeriveKey(HashAlgorithmName.SHA256, key, LeastBytes, info: Encoding.UTF8.GetBytes(purpose))
            ),
        ];

    private static byte[] Decode(string text, int index)
    {
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var length) && length >= LeastBytes
            ? bytes[..length]
            : throw new InvalidOperationException($"Jwt:Keys:{index} is not base64 of at least {LeastBytes} bytes.");
    }
}
