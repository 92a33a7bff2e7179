using EduPro.Data;
using EduPro.Domain;
using EduPro.Media.VdoCipher;

namespace EduPro.Worker.Jobs;

/// <summary>
/// Asks VdoCipher what has become of the videos that are neither ready nor failed. While it cannot say, a video keeps
/// its status; the client's log tells of the trouble once.
/// </summary>
internal sealed partial class PollVideos(
    EduProDb db,
    IServiceScopeFactory scopes,
    VideoRequests requests,
    VideoMetrics metrics,
    TimeProvider clock,
    ILogger<PollVideos> logger
) : IJob
{
    private const int Batch = 50;

    /// <summary>Longer than a whole batch takes when each answer comes at the last moment.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(4);

    public async Task<int> Run(CancellationToken ct)
    {
        var due = await db.LeaseVideos(staged: false, Batch, Lease, clock.GetUtcNow(), ct);
        await Parallel.ForEachAsync(
            due,
            new ParallelOptions { MaxDegreeOfParallelism = VideoRequests.AtOnce, CancellationToken = ct },
            async (video, ct) =>
            {
                await using var scope = scopes.CreateAsyncScope();
                await Poll(video, scope.ServiceProvider.GetRequiredService<EduProDb>(), ct);
            }
        );
        return due.Count;
    }

    private async Task Poll(LeasedVideo video, EduProDb db, CancellationToken ct)
    {
        var answer = await requests.Ask(vdocipher => vdocipher.GetVideoAsync(video.VideoId!, ct), ct);
        var now = clock.GetUtcNow();
        switch (answer)
        {
            case { Value: { Status: VideoStatus.Ready } ready }:
                if (await db.Settle(video, VideoStatus.Ready, ready.LengthSeconds ?? 0, now, ct))
                {
                    metrics.Settled(VideoStatus.Ready);
                    LogReady(video.VideoId!, video.Id, (now - video.VideoSetAt).TotalSeconds);
                }
                break;
            case { Value.Status: VideoStatus.Failed }:
                await Fail(video, "VdoCipher could not process it", db, now, ct);
                break;
            case { Failure.Error: VdoCipherError.NotFound }:
                await Fail(video, "VdoCipher has no such video", db, now, ct);
                break;
            case var _ when now - video.VideoSetAt >= VideoPolling.Patience:
                await Fail(video, "it was not ready in time", db, now, ct);
                break;
            default:
                await db.Postpone(video, answer.Value?.Status, now, ct);
                break;
        }
    }

    private async Task Fail(LeasedVideo video, string reason, EduProDb db, DateTimeOffset now, CancellationToken ct)
    {
        if (!await db.Settle(video, VideoStatus.Failed, seconds: null, now, ct))
            return;
        metrics.Settled(VideoStatus.Failed);
        LogFailed(video.VideoId!, video.Id, reason);
    }

    [LoggerMessage(LogLevel.Information, "Video {VideoId} of lesson {LessonId} is ready after {Seconds:0} s")]
    private partial void LogReady(string videoId, Guid lessonId, double seconds);

    [LoggerMessage(LogLevel.Warning, "Video {VideoId} of lesson {LessonId} failed: {Reason}")]
    private partial void LogFailed(string videoId, Guid lessonId, string reason);
}
