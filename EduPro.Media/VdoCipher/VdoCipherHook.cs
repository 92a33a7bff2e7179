using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace EduPro.Media.VdoCipher;

/// <summary>
/// Reads the <c>video:ready</c> hook. VdoCipher documents the body and no signature, so the signature is ours:
/// <c>X-VdoCipher-Timestamp</c> holds Unix seconds and <c>X-VdoCipher-Signature</c> is <c>sha256=</c> and the
/// hexadecimal HMAC-SHA256, under the shared secret, of the timestamp, a full stop and the body.
/// </summary>
public static class VdoCipherHook
{
    public const string TimestampHeader = "X-VdoCipher-Timestamp";
    public const string SignatureHeader = "X-VdoCipher-Signature";

    /// <summary>The longest body that is worth reading, in bytes.</summary>
    public const int MaxBody = 16 * 1024;

    /// <summary>How far a timestamp may be from now, either way.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    /// <summary>
    /// The id of the video that the hook says is ready, or null when the hook is unsigned, wrongly signed, stale,
    /// malformed, or about something else. The same hook is accepted again within the tolerance: treat it as a hint to
    /// ask VdoCipher now, not as the truth.
    /// </summary>
    public static string? ReadyVideo(
        ReadOnlySpan<byte> body,
        string? timestamp,
        string? signature,
        string secret,
        DateTimeOffset now
    )
    {
        if (secret.Length == 0 || body.Length > MaxBody || signature is null)
            return null;
        if (!long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
            return null;
        if (Math.Abs((decimal)now.ToUnixTimeSeconds() - seconds) > (decimal)Tolerance.TotalSeconds)
            return null;
        var expected = Encoding.ASCII.GetBytes(Sign(body, timestamp, secret));
        if (!CryptographicOperations.FixedTimeEquals(expected, Encoding.UTF8.GetBytes(signature)))
            return null;
        try
        {
            var hook = JsonSerializer.Deserialize(body, VdoCipherJson.Default.Hook);
            return hook is { Event: "video:ready" } && VdoCipherClient.IsVideoId(hook.Payload.Id)
                ? hook.Payload.Id
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Sign(ReadOnlySpan<byte> body, string timestamp, string secret)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret));
        hmac.AppendData(Encoding.ASCII.GetBytes(timestamp + "."));
        hmac.AppendData(body);
        return "sha256=" + Convert.ToHexStringLower(hmac.GetHashAndReset());
    }
}
