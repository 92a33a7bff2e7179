using System.Security.Cryptography;
using System.Text;

namespace EduPro.Data.Security;

/// <summary>Keyed hashes of one-time passwords: a million of them are nothing to try without the key.</summary>
public sealed class OtpHashes(MasterKeys keys)
{
    private readonly IReadOnlyList<byte[]> derived = keys.Derive("edupro/otp");

    /// <summary>What to store of a person's one-time password.</summary>
    public byte[] Of(Guid user, string otp) => Hash(derived[0], user, otp);

    /// <summary>What may be stored of it, made before or after a change of keys.</summary>
    public byte[][] Candidates(Guid user, string otp) => [.. derived.Select(key => Hash(key, user, otp))];

    private static byte[] Hash(byte[] key, Guid user, string otp) =>
        HMACSHA256.HashData(key, (byte[])[.. user.ToByteArray(), .. Encoding.UTF8.GetBytes(otp)]);
}
