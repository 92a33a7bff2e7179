using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace EduPro.VdoCipherEmulator;

/// <summary>What becomes of a video after its upload.</summary>
internal sealed record Fate(TimeSpan Queued, TimeSpan Processing, int LengthSeconds, string LastWord)
{
    public const string Ready = "ready";
    public const string EncodingError = "Encoding error";
}

/// <summary>Where a video's upload may go, and until when.</summary>
internal sealed record Ticket(IReadOnlyDictionary<string, string> Fields, DateTimeOffset Expires);

internal sealed record UploadedFile(long Bytes, string Sha256, DateTimeOffset At);

internal sealed record OtpGrant(int? Ttl, string? Annotate);

/// <summary>A video; its status follows from the clock, so that nothing needs to be running for it to change.</summary>
internal sealed class Video(
    string id,
    string title,
    string? folderId,
    DateTimeOffset createdAt,
    Ticket ticket,
    Fate fate
)
{
    public string Id => id;
    public string Title => title;
    public string? FolderId => folderId;
    public DateTimeOffset CreatedAt => createdAt;
    public Ticket Ticket => ticket;
    public Fate Fate { get; set; } = fate;
    public UploadedFile? File { get; set; }
    public OtpGrant? LastOtp { get; set; }

    public string StatusAt(DateTimeOffset now)
    {
        if (File is null)
            return "Pre-Upload";
        var age = now - File.At;
        if (age < Fate.Queued)
            return "Queued";
        return age < Fate.Queued + Fate.Processing ? "Processing" : Fate.LastWord;
    }

    public int LengthAt(DateTimeOffset now) => StatusAt(now) == Fate.Ready ? Fate.LengthSeconds : 0;
}

/// <summary>All videos, by id and by the key that their upload names.</summary>
internal sealed class Videos(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, Video> byId = [];
    private readonly byte[] signingKey = RandomNumberGenerator.GetBytes(32);

    public IEnumerable<Video> Newest =>
        byId.Values.OrderByDescending(video => video.CreatedAt).ThenBy(video => video.Id);

    public Video? Find(string id) => byId.GetValueOrDefault(id);

    public Video? FindByKey(string? key) =>
        key is not null && key.StartsWith("orig/", StringComparison.Ordinal) ? Find(key["orig/".Length..]) : null;

    public bool Delete(string id) => byId.TryRemove(id, out _);

    public Video Create(string title, string? folderId, Fate fate, TimeSpan uploadValidity)
    {
        var id = RandomNumberGenerator.GetHexString(32, lowercase: true);
        var now = time.GetUtcNow();
        var video = new Video(id, title, folderId, now, Sign(id, now, now + uploadValidity), fate);
        byId[id] = video;
        return video;
    }

    private Ticket Sign(string id, DateTimeOffset now, DateTimeOffset expires)
    {
        var policy = Convert.ToBase64String(
            System.Text.Encoding.UTF8.GetBytes(
                $$"""{"expiration":"{{expires:yyyy-MM-ddTHH:mm:ss.fffZ}}","key":"orig/{{id}}"}"""
            )
        );
        var signature = HMACSHA256.HashData(signingKey, System.Text.Encoding.ASCII.GetBytes(policy));
        return new Ticket(
            new OrderedDictionary<string, string>
            {
                ["policy"] = policy,
                ["key"] = "orig/" + id,
                ["x-amz-signature"] = Convert.ToHexStringLower(signature),
                ["x-amz-algorithm"] = "AWS4-HMAC-SHA256",
                ["x-amz-date"] = now.ToString("yyyyMMddTHHmmssZ", System.Globalization.CultureInfo.InvariantCulture),
                ["x-amz-credential"] = $"EMULATOR/{now:yyyyMMdd}/local/s3/aws4_request",
            },
            expires
        );
    }
}
