using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace EduPro.Data.Security;

/// <summary>
/// Closes what a mail will say while it waits in the outbox: AES-256-GCM, bound to the mail's id, as nonce, tag and
/// text.
/// </summary>
public sealed class MailSeal(MasterKeys keys)
{
    private readonly IReadOnlyList<byte[]> derived = keys.Derive("edupro/mail");
    private static readonly int NonceBytes = AesGcm.NonceByteSizes.MaxSize,
        TagBytes = AesGcm.TagByteSizes.MaxSize,
        TextAt = NonceBytes + TagBytes;

    /// <summary>The value, closed.</summary>
    public byte[] Close<T>(Guid mail, T value, JsonTypeInfo<T> type)
    {
        var text = JsonSerializer.SerializeToUtf8Bytes(value, type);
        var payload = new byte[TextAt + text.Length];
        var nonce = payload.AsSpan(0, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(derived[0], TagBytes);
        aes.Encrypt(nonce, text, payload.AsSpan(TextAt), payload.AsSpan(NonceBytes, TagBytes), mail.ToByteArray());
        return payload;
    }

    /// <summary>The value that was closed.</summary>
    /// <exception cref="CryptographicException">None of the keys opens it.</exception>
    public T Open<T>(Guid mail, byte[] payload, JsonTypeInfo<T> type)
    {
        if (payload.Length < TextAt)
            throw new CryptographicException("The payload is too short.");
        foreach (var key in derived)
        {
            var text = new byte[payload.Length - TextAt];
            using var aes = new AesGcm(key, TagBytes);
            try
            {
                aes.Decrypt(
                    payload.AsSpan(0, NonceBytes),
                    payload.AsSpan(TextAt),
                    payload.AsSpan(NonceBytes, TagBytes),
                    text,
                    mail.ToByteArray()
                );
                return JsonSerializer.Deserialize(text, type)
                    ?? throw new CryptographicException("The payload is null.");
            }
            catch (AuthenticationTagMismatchException)
            {
                // Closed with another of the keys.
            }
        }
        throw new CryptographicException("None of the keys opens the payload.");
    }
}
