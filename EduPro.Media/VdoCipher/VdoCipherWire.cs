using System.Text.Json;
using System.Text.Json.Serialization;

namespace EduPro.Media.VdoCipher;

/// <summary>The API's own shapes; what it sends beyond them is skipped.</summary>
internal static class VdoCipherWire
{
    internal sealed record Created(Dictionary<string, string> ClientPayload, string VideoId);

    internal sealed record Video(string Status, string? Id = null, decimal? Length = null);

    internal sealed record OtpRequest(int Ttl, string Annotate);

    internal sealed record Otp([property: JsonPropertyName("otp")] string Value, string PlaybackInfo);

    /// <summary>One moving line of text over the picture. VdoCipher wants its numbers as strings.</summary>
    internal sealed record Annotation(
        string Type,
        string Text,
        string Alpha,
        string Color,
        string Size,
        string Interval
    );

    internal sealed record Hook(string Event, HookPayload Payload);

    internal sealed record HookPayload(string Id);
}

[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    NumberHandling = JsonNumberHandling.Strict,
    PropertyNameCaseInsensitive = false,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    AllowDuplicateProperties = false,
    MaxDepth = 8
)]
[JsonSerializable(typeof(VdoCipherWire.Created))]
[JsonSerializable(typeof(VdoCipherWire.Video))]
[JsonSerializable(typeof(VdoCipherWire.OtpRequest))]
[JsonSerializable(typeof(VdoCipherWire.Otp))]
[JsonSerializable(typeof(VdoCipherWire.Annotation[]))]
[JsonSerializable(typeof(VdoCipherWire.Hook))]
[JsonSerializable(typeof(JsonElement))]
internal sealed partial class VdoCipherJson : JsonSerializerContext;
