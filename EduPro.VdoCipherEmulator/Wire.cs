using System.Text.Json.Serialization;

namespace EduPro.VdoCipherEmulator;

internal sealed record Message([property: JsonPropertyName("message")] string Text);

internal sealed record Created(
    [property: JsonPropertyName("clientPayload")] IReadOnlyDictionary<string, string> ClientPayload,
    [property: JsonPropertyName("videoId")] string VideoId
);

internal sealed record Poster(int Width, int Height, [property: JsonPropertyName("posterUrl")] string PosterUrl);

/// <summary>The answer to GET /videos/{id}.</summary>
internal sealed record Details(
    string Id,
    string Title,
    string Description,
    long UploadTime,
    int Length,
    string Status,
    Poster[] Posters,
    string[] Tags
);

internal sealed record OtpRequest(int? Ttl = null, string? Annotate = null);

internal sealed record Otp(
    [property: JsonPropertyName("otp")] string Value,
    [property: JsonPropertyName("playbackInfo")] string PlaybackInfo
);

internal sealed record HookPayload(string Id, string Title, long UploadTime, string[]? Tags, int Length, string Status);

internal sealed record Hook(
    [property: JsonPropertyName("hookId")] string HookId,
    string Event,
    long Time,
    HookPayload Payload
);

/// <summary>A video as /emulator/videos tells of it.</summary>
internal sealed record Inspection(
    string Id,
    string Title,
    string? FolderId,
    string Status,
    int Length,
    DateTimeOffset CreatedAt,
    long? Bytes,
    string? Sha256,
    OtpGrant? LastOtp
);

/// <summary>What POST /emulator/videos/{id} changes: its last status word, its length, or at once to its end.</summary>
internal sealed record Change(string? Status = null, int? Length = null, bool Now = false);

/// <summary>What POST /emulator/settings changes for videos made from now on; milliseconds.</summary>
internal sealed record Settings(
    int? QueuedMs = null,
    int? ProcessingMs = null,
    int? Length = null,
    Uri? HookUrl = null
);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(Message))]
[JsonSerializable(typeof(Created))]
[JsonSerializable(typeof(Details))]
[JsonSerializable(typeof(OtpRequest))]
[JsonSerializable(typeof(Otp))]
[JsonSerializable(typeof(Hook))]
[JsonSerializable(typeof(Inspection[]))]
[JsonSerializable(typeof(Change))]
[JsonSerializable(typeof(Settings))]
[JsonSerializable(typeof(Fault))]
[JsonSerializable(typeof(SortedDictionary<string, long>))]
internal sealed partial class Wire : JsonSerializerContext;
