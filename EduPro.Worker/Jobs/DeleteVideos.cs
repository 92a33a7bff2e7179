using EduPro.Data;
using EduPro.Media.VdoCipher;
using Microsoft.EntityFrameworkCore;

namespace EduPro.Worker.Jobs;

/// <summary>Deletes the videos at VdoCipher that no lesson has any more, as often as it takes.</summary>
internal sealed partial class DeleteVideos(
    EduProDb db,
    VideoRequests requests,
    TimeProvider clock,
    ILogger<DeleteVideos> logger
) : IJob
{
    private const int Batch = 10;
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(4),
        LongestPause = TimeSpan.FromHours(6);

    private sealed record Due(string VideoId, int Attempts);

    public async Task<int> Run(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var due = await db
            .Database.SqlQuery<Due>(
                $"""
                WITH due AS MATERIALIZED (
                    SELECT video_id FROM video_deletions
                    WHERE next_attempt_at <= {now}
                    ORDER BY next_attempt_at
                    LIMIT {Batch}
                    FOR UPDATE SKIP LOCKED
                )
                UPDATE video_deletions d
                SET next_attempt_at = {now + Lease}, attempts = attempts + 1
                FROM due
                WHERE d.video_id = due.video_id
                RETURNING d.video_id, attempts
                """
            )
            .ToListAsync(ct);
        foreach (var deletion in due)
            await Delete(deletion, ct);
        return due.Count;
    }

    private async Task Delete(Due deletion, CancellationToken ct)
    {
        var row = db.VideoDeletions.Where(d => d.VideoId == deletion.VideoId);
        var failure = await requests.Ask(vdocipher => vdocipher.DeleteVideoAsync(deletion.VideoId, ct), ct);
        if (failure is null or { Error: VdoCipherError.NotFound })
        {
            await row.ExecuteDeleteAsync(ct);
            LogDeleted(deletion.VideoId);
            return;
        }
        var pause = TimeSpan.FromMinutes(
            Math.Min(LongestPause.TotalMinutes, Math.Pow(2, Math.Min(deletion.Attempts, 20) - 1))
        );
        var next = clock.GetUtcNow() + pause;
        await row.ExecuteUpdateAsync(d => d.SetProperty(x => x.NextAttemptAt, next), ct);
        if (deletion.Attempts == 1)
            LogNotDeleted(deletion.VideoId, failure.Error, failure.Reason);
    }

    [LoggerMessage(LogLevel.Information, "Deleted video {VideoId}")]
    private partial void LogDeleted(string videoId);

    [LoggerMessage(LogLevel.Warning, "Video {VideoId} could not be deleted yet: {Error}, {Reason}")]
    private partial void LogNotDeleted(string videoId, VdoCipherError error, string reason);
}
