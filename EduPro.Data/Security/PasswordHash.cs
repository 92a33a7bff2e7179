using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using NSec.Cryptography;

namespace EduPro.Data.Security;

/// <summary>
/// Argon2id hashes in the PHC string format, <c>$argon2id$v=19$m=19456,t=2,p=1$salt$hash</c>, with the parameters that
/// OWASP recommends: 19 MiB, two passes, one lane. One hash takes about 20 ms of a core.
/// </summary>
public static class PasswordHash
{
    private const int MemoryKiB = 19 * 1024,
        Passes = 2,
        SaltBytes = 16,
        HashBytes = 32;

    /// <summary>Hashes a password under a new salt.</summary>
    public static string Create(string password)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        return Encode(new Parameters(MemoryKiB, Passes, salt, Derive(password, MemoryKiB, Passes, salt)));
    }

    /// <summary>Whether the password is the one that was hashed. A malformed hash matches nothing.</summary>
    public static bool Verify(string password, string encoded) =>
        Parse(encoded) is { } stored
        && CryptographicOperations.FixedTimeEquals(
            Derive(password, stored.Memory, stored.Passes, stored.Salt),
            stored.Hash
        );

    /// <summary>Whether the hash was made with other parameters than today's.</summary>
    public static bool IsOutdated(string encoded) => Parse(encoded) is not { Memory: MemoryKiB, Passes: Passes };

    private static byte[] Derive(string password, int memory, int passes, byte[] salt) =>
        PasswordBasedKeyDerivationAlgorithm
            .Argon2id(
                new Argon2Parameters
                {
                    MemorySize = memory,
                    NumberOfPasses = passes,
                    DegreeOfParallelism = 1,
                }
            )
            .DeriveBytes(Encoding.UTF8.GetBytes(password), salt, HashBytes);

    private static string Encode(Parameters hash) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"$argon2id$v=19$m={hash.Memory},t={hash.Passes},p=1${Base64(hash.Salt)}${Base64(hash.Hash)}"
        );

    private static Parameters? Parse(string encoded)
    {
        if (encoded.Split('$') is not ["", "argon2id", "v=19", var costs, var salt, var hash])
            return null;
        var values = costs.Split(',').Select(cost => cost.Split('=')).ToDictionary(cost => cost[0], cost => cost[^1]);
        return
            values.TryGetValue("m", out var m)
            && int.TryParse(m, CultureInfo.InvariantCulture, out var memory)
            && values.TryGetValue("t", out var t)
            && int.TryParse(t, CultureInfo.InvariantCulture, out var passes)
            && values.GetValueOrDefault("p") == "1"
            && FromBase64(salt) is { Length: SaltBytes } salted
            ? new Parameters(memory, passes, salted, FromBase64(hash))
            : null;
    }

    private static string Base64(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=');

    private static byte[] FromBase64(string text) =>
        Convert.FromBase64String(text.PadRight((text.Length + 3) / 4 * 4, '='));

    private sealed record Parameters(int Memory, int Passes, byte[] Salt, byte[] Hash);
}
