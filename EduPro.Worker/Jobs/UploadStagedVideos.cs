using EduPro.Data;
using EduPro.Domain;
using EduPro.Media;
using EduPro.Media.VdoCipher;
using Microsoft.EntityFrameworkCore;

namespace EduPro.Worker.Jobs;

/// <summary>
/// Uploads the videos that came as files. The video's id is saved before its file is sent: whoever comes after a crash
/// asks VdoCipher whether the file arrived, and else starts anew under another id and has the unfinished one deleted.
/// </summary>
internal sealed partial class UploadStagedVideos(
    EduProDb db,
    IServiceProvider services,
    TimeProvider clock,
    ILogger<UploadStagedVideos> logger
) : IJob
{
    /// <summary>How long after its death a worker's upload is taken over.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(2);

    public async Task<int> Run(CancellationToken ct)
    {
        if (await db.LeaseVideos(staged: true, most: 1, Lease, clock.GetUtcNow(), ct) is not [var video])
            return 0;
        var upload = ActivatorUtilities.CreateInstance<StagedVideoUpload>(services, Lease, video);
        try
        {
            await upload.Run(ct);
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            LogBroken(e, video.Id);
            await upload.TryLater(ct);
        }
        catch (OperationCanceledException)
        {
            // The worker stops: another may take over at once.
            using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(3), clock);
            await upload.HandBack(soon.Token);
        }
        return 1;
    }

    [LoggerMessage(LogLevel.Error, "The upload of the video of lesson {LessonId} broke off")]
    private partial void LogBroken(Exception exception, Guid lessonId);
}

/// <summary>One upload, of which the claim is extended as long as it makes progress.</summary>
internal sealed partial class StagedVideoUpload(
    TimeSpan lease,
    LeasedVideo video,
    EduProDb db,
    IServiceScopeFactory scopes,
    MediaStore store,
    VideoRequests requests,
    VdoCipherClient vdocipher,
    VideoMetrics metrics,
    TimeProvider clock,
    ILogger<UploadStagedVideos> logger
)
{
    private LeasedVideo video = video;

    public async Task Run(CancellationToken ct)
    {
        if (clock.GetUtcNow() - video.VideoSetAt >= VideoPolling.Patience)
        {
            await Fail("it could not be uploaded in time", ct);
            return;
        }
        if (video.VideoId is { } begun)
        {
            var state = await requests.Ask(vdocipher => vdocipher.GetVideoAsync(begun, ct), ct);
            if (state.Value is { Status: not VideoStatus.PreUpload })
            {
                await Finish(ct);
                return;
            }
            if (state.Failure is { Error: not VdoCipherError.NotFound })
            {
                await TryLater(ct);
                return;
            }
        }
        await using var file = await store.OpenAsync(MediaContainer.Documents, video.StagedVideo!, ct);
        if (file is null)
        {
            await Fail("its file is gone", ct);
            return;
        }
        var created = await requests.Ask(vdocipher => vdocipher.CreateUploadAsync(video.Title, ct), ct);
        if (!created.Succeeded)
            await TryLater(ct);
        else if (await Begin(created.Value.VideoId, ct))
            await Send(created.Value, file.Content, ct);
    }

    /// <summary>Leaves the rest to a later try, with a longer pause each time.</summary>
    public Task TryLater(CancellationToken ct) => db.Postpone(video, VideoStatus.PreUpload, clock.GetUtcNow(), ct);

    public Task HandBack(CancellationToken ct) =>
        db.Held(video)
            .ExecuteUpdateAsync(
                l => l.SetProperty(x => x.VideoPollAt, clock.GetUtcNow()).SetProperty(x => x.VideoLease, (Guid?)null),
                ct
            );

    /// <summary>Notes the new video's id; the one of an unfinished upload, or the new one if the claim is lost, goes.</summary>
    private async Task<bool> Begin(string id, CancellationToken ct)
    {
        var held = await db.InTransaction(
            async ct =>
            {
                var now = clock.GetUtcNow();
                await db.LockVideos(video.VideoId is null ? [id] : [id, video.VideoId], ct);
                if (await db.Held(video).ExecuteUpdateAsync(l => l.SetProperty(x => x.VideoId, id), ct) == 0)
                {
                    await db.DeleteVideosOf([(Guid.Empty, id)], now, ct);
                    return false;
                }
                if (video.VideoId is { } unfinished)
                    await db.DeleteVideosOf([(video.Id, unfinished)], now, ct);
                return true;
            },
            ct
        );
        if (held)
            video = video with { VideoId = id };
        return held;
    }

    private async Task Send(VideoUpload upload, Stream file, CancellationToken ct)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var progress = new Progress(this, file.Length);
        var keeping = KeepLease(progress, stop);
        VdoCipherFailure? failure;
        try
        {
            LogStarts(video.Id, upload.VideoId, file.Length);
            failure = await vdocipher.UploadAsync(upload, file, file.Length, progress, stop.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            LogSuperseded(video.Id);
            return;
        }
        finally
        {
            await stop.CancelAsync();
            await keeping;
        }
        if (failure is null)
        {
            await Finish(ct);
            return;
        }
        LogUploadFailed(video.Id, failure.Error, failure.Reason);
        await TryLater(ct);
    }

    /// <summary>Extends the claim while bytes move, and stops the upload when the claim is gone.</summary>
    private async Task KeepLease(Progress progress, CancellationTokenSource stop)
    {
        var seen = -1L;
        using var timer = new PeriodicTimer(lease / 6, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stop.Token))
            {
                if (progress.Sent == seen)
                    continue;
                seen = progress.Sent;
                await using var scope = scopes.CreateAsyncScope();
                var held = await scope
                    .ServiceProvider.GetRequiredService<EduProDb>()
                    .Held(video)
                    .ExecuteUpdateAsync(l => l.SetProperty(x => x.VideoPollAt, clock.GetUtcNow() + lease), stop.Token);
                if (held == 0)
                    await stop.CancelAsync();
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested) { }
        catch (Exception e)
        {
            // Without an extension another worker would begin the same upload.
            LogLeaseLost(e, video.Id);
            await stop.CancelAsync();
        }
    }

    private async Task Finish(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await db.Held(video)
            .ExecuteUpdateAsync(
                l =>
                    l.SetProperty(x => x.StagedVideo, (string?)null)
                        .SetProperty(x => x.VideoStatus, VideoStatus.Queued)
                        .SetProperty(x => x.VideoSetAt, now)
                        .SetProperty(x => x.VideoPolls, 0)
                        .SetProperty(x => x.VideoPollAt, now + VideoPolling.Shortest)
                        .SetProperty(x => x.VideoLease, (Guid?)null),
                ct
            );
        LogUploaded(video.Id, video.VideoId!);
    }

    private async Task Fail(string reason, CancellationToken ct)
    {
        if (!await db.Settle(video, VideoStatus.Failed, seconds: null, clock.GetUtcNow(), ct))
            return;
        metrics.Settled(VideoStatus.Failed);
        LogFailed(video.Id, reason);
    }

    private sealed class Progress(StagedVideoUpload upload, long length) : IProgress<long>
    {
        private long sent;
        private long tenths;

        public long Sent => Interlocked.Read(ref sent);

        public void Report(long value)
        {
            Interlocked.Exchange(ref sent, value);
            if (value * 10 / length <= tenths)
                return;
            tenths = value * 10 / length;
            upload.LogProgress(upload.video.Id, tenths * 10);
        }
    }

    [LoggerMessage(LogLevel.Information, "Uploading the video of lesson {LessonId} as {VideoId}, {Bytes} bytes")]
    private partial void LogStarts(Guid lessonId, string videoId, long bytes);

    [LoggerMessage(LogLevel.Information, "Sent {Percent} % of the video of lesson {LessonId}")]
    private partial void LogProgress(Guid lessonId, long percent);

    [LoggerMessage(LogLevel.Information, "Uploaded the video of lesson {LessonId} as {VideoId}")]
    private partial void LogUploaded(Guid lessonId, string videoId);

    [LoggerMessage(LogLevel.Information, "Stopped uploading the video of lesson {LessonId}: the claim is gone")]
    private partial void LogSuperseded(Guid lessonId);

    [LoggerMessage(LogLevel.Warning, "The upload of the video of lesson {LessonId} failed: {Error}, {Reason}")]
    private partial void LogUploadFailed(Guid lessonId, VdoCipherError error, string reason);

    [LoggerMessage(LogLevel.Error, "The claim on the video of lesson {LessonId} could not be extended")]
    private partial void LogLeaseLost(Exception exception, Guid lessonId);

    [LoggerMessage(LogLevel.Warning, "The staged video of lesson {LessonId} failed: {Reason}")]
    private partial void LogFailed(Guid lessonId, string reason);
}
