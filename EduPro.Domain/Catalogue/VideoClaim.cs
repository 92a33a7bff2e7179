namespace EduPro.Domain.Catalogue;

/// <summary>
/// Whose a video is that credentials to upload it were given out for, until a lesson has it or the claim's time is over.
/// </summary>
public sealed class VideoClaim
{
    /// <summary>So long a teacher has to give the video to a lesson; then it is deleted.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(7);

    public required string VideoId { get; init; }
    public required Guid TeacherId { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
}
