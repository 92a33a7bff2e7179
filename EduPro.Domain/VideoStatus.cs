using System.Text.Json.Serialization;

namespace EduPro.Domain;

/// <summary>Where a lesson's video stands on its way to being playable.</summary>
public enum VideoStatus
{
    [JsonStringEnumMemberName("pre-upload")]
    PreUpload,
    Queued,
    Processing,
    Ready,
    Failed,
}
