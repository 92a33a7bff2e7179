using EduPro.Domain;

namespace EduPro.Media.VdoCipher;

/// <summary>VdoCipher's status words in our own terms.</summary>
public static class VdoCipherStatus
{
    /// <summary>
    /// Compares ignoring case. Words that tell of an error are <see cref="VideoStatus.Failed"/>; a word we have never
    /// heard is taken for one more stage of processing, which ends by polling or by giving up.
    /// </summary>
    public static VideoStatus Parse(string word) =>
        word.Trim().ToLowerInvariant() switch
        {
            "pre-upload" => VideoStatus.PreUpload,
            "queued" => VideoStatus.Queued,
            "ready" => VideoStatus.Ready,
            var other when other.Contains("error") || other.Contains("fail") => VideoStatus.Failed,
            _ => VideoStatus.Processing,
        };
}
