using System.Security.Cryptography;
using EduPro.Data;
using EduPro.Domain;
using EduPro.Domain.Catalogue;
using Microsoft.EntityFrameworkCore;

namespace EduPro.Worker.Jobs;

/// <summary>A lesson's video that this worker deals with until its lease ends.</summary>
internal sealed record LeasedVideo(
    Guid Id,
    Guid CourseId,
    string Title,
    string? VideoId,
    string? StagedVideo,
    DateTimeOffset VideoSetAt,
    int VideoPolls,
    Guid VideoLease
);

/// <summary>
/// How workers share videos: each claims what is due in one statement, and writes back only while the claim is still
/// its own and the lesson still has the same video.
/// </summary>
internal static class VideoLeases
{
    /// <summary>
    /// Claims up to <paramref name="most"/> videos whose time has come, those with a staged file or those at VdoCipher.
    /// A claim that is neither written back nor extended runs out after <paramref name="time"/>.
    /// </summary>
    public static Task<List<LeasedVideo>> LeaseVideos(
        this EduProDb db,
        bool staged,
        int most,
        TimeSpan time,
        DateTimeOffset now,
        CancellationToken ct
    ) =>
        db
            .Database.SqlQuery<LeasedVideo>(
                $"""
                WITH due AS MATERIALIZED (
                    SELECT id FROM lessons
                    WHERE video_poll_at <= {now} AND (staged_video IS NOT NULL) = {staged}
                    ORDER BY video_poll_at
                    LIMIT {most}
                    FOR UPDATE SKIP LOCKED
                )
                UPDATE lessons l
                SET video_lease = {Guid.CreateVersion7(now)}, video_poll_at = {now + time}
                FROM due
                WHERE l.id = due.id
                RETURNING l.id, course_id, title, video_id, staged_video, coalesce(video_set_at, {now})
                    AS video_set_at, video_polls, video_lease
                """
            )
            .ToListAsync(ct);

    /// <summary>The lesson, as long as the claim holds.</summary>
    public static IQueryable<Lesson> Held(this EduProDb db, LeasedVideo video) =>
        db.Lessons.Where(l => l.Id == video.Id && l.VideoLease == video.VideoLease && l.VideoId == video.VideoId);

    /// <summary>Gives the claim back and has the video looked at again after its pause; no status keeps the old.</summary>
    public static async Task<bool> Postpone(
        this EduProDb db,
        LeasedVideo video,
        VideoStatus? status,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        var polls = video.VideoPolls + 1;
        var next = now + VideoPolling.Pause(polls, RandomNumberGenerator.GetInt32(1001) / 1000.0);
        return await db.Held(video)
                .ExecuteUpdateAsync(
                    l =>
                        l.SetProperty(x => x.VideoStatus, x => status ?? x.VideoStatus)
                            .SetProperty(x => x.VideoPolls, polls)
                            .SetProperty(x => x.VideoPollAt, next)
                            .SetProperty(x => x.VideoLease, (Guid?)null),
                    ct
                ) > 0;
    }

    /// <summary>The video is ready, or failed: it is not looked at again.</summary>
    public static async Task<bool> Settle(
        this EduProDb db,
        LeasedVideo video,
        VideoStatus status,
        int? seconds,
        DateTimeOffset now,
        CancellationToken ct
    ) =>
        await db.InTransaction(
            async ct =>
            {
                if (seconds is not null)
                    await db.LockCourse(video.CourseId, ct);
                var settled =
                    await db.Held(video)
                        .ExecuteUpdateAsync(
                            l =>
                                l.SetProperty(x => x.VideoStatus, status)
                                    .SetProperty(x => x.StagedVideo, (string?)null)
                                    .SetProperty(x => x.Duration, x => seconds ?? x.Duration)
                                    .SetProperty(x => x.VideoPolls, video.VideoPolls + 1)
                                    .SetProperty(x => x.VideoPollAt, (DateTimeOffset?)null)
                                    .SetProperty(x => x.VideoLease, (Guid?)null),
                            ct
                        ) > 0;
                if (settled && seconds is not null)
                    await db.RefreshCounters(video.CourseId, now, ct);
                return settled;
            },
            ct
        );
}
