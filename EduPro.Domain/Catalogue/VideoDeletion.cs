namespace EduPro.Domain.Catalogue;

/// <summary>A video that no lesson has any more and that the worker has yet to delete at VdoCipher.</summary>
public sealed class VideoDeletion
{
    public required string VideoId { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset NextAttemptAt { get; set; }
    public int Attempts { get; set; }
}
