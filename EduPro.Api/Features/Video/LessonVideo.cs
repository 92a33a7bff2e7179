using EduPro.Api.Http;
using EduPro.Api.Http.Binding;
using EduPro.Data;
using EduPro.Domain;
using EduPro.Domain.Catalogue;
using EduPro.Media;
using EduPro.Media.VdoCipher;
using Microsoft.EntityFrameworkCore;

namespace EduPro.Api.Features.Video;

/// <summary>
/// What a lesson's fields <c>video_id</c> and <c>video</c> come to. A handler calls <see cref="Prepare"/> before its
/// transaction, since that asks VdoCipher and stores the file, and <see cref="Apply"/> within.
/// </summary>
internal sealed class LessonVideo(EduProDb db, VdoCipherClient vdocipher, MediaStore store, TimeProvider clock)
{
    private const string StillProcessing = "Video is still being processed. Please wait.",
        ProcessingFailed = "Video processing failed. Please try again.",
        InvalidId = "Invalid video ID format.",
        FileAndId = "Send either video or video_id.";

    /// <summary>What is to become of a lesson's video; <see cref="Refusal"/> when nothing is, but an answer.</summary>
    public sealed record Change
    {
        public IResult? Refusal { get; init; }
        internal bool IsNone { get; init; }
        internal string? Id { get; init; }
        internal VideoState? State { get; init; }
        internal string? Blob { get; init; }

        /// <summary>The video stays as it is.</summary>
        public static readonly Change None = new() { IsNone = true };
    }

    /// <summary>Looks at what the request says about the video, with whatever has to be asked of others.</summary>
    /// <param name="id">The field <c>video_id</c>; null or empty takes the video away.</param>
    /// <param name="file">The field <c>video</c>.</param>
    /// <param name="present">The lesson as it is, without one when it is new. Untracked will do.</param>
    /// <param name="ct">Stops the asking.</param>
    public async Task<Change> Prepare(Optional<string?> id, VideoFile? file, Lesson? present, CancellationToken ct)
    {
        var wanted = id.Value is { Length: > 0 } text ? text : null;
        if (file is null && (!id.IsPresent || wanted == present?.VideoId))
            return Change.None;
        if (file is not null && wanted is not null)
            return Refuse(ValidationProblem.NonFieldErrors, FileAndId);
        if (present is not null && IsProcessing(present))
            return Refuse("video_id", StillProcessing);
        if (file is not null)
            return new Change { Blob = await store.Save(file, ct) };
        if (wanted is null)
            return new Change();
        var answer = await vdocipher.GetVideoAsync(wanted, ct);
        return answer switch
        {
            { Value.Status: VideoStatus.Failed } => Refuse("video_processing_status", ProcessingFailed),
            { Failure.Error: VdoCipherError.NotFound } => Refuse("video_id", InvalidId),
            _ => new Change { Id = wanted, State = answer.Value },
        };
    }

    /// <summary>
    /// Makes the change, or returns why not; then nothing was changed. Comes first of what the transaction does to the
    /// lesson, after the course's lock; a tracked lesson is read again. The handler saves, and refreshes the counters.
    /// </summary>
    public async Task<IResult?> Apply(Change change, Lesson lesson, Guid teacher, CancellationToken ct)
    {
        if (change.IsNone)
            return null;
        await db.LockVideos(new[] { lesson.VideoId, change.Id }.OfType<string>(), ct);
        if (db.Entry(lesson) is { State: not EntityState.Detached } entry)
        {
            // The worker writes to this row without the course's lock.
            await db.Database.ExecuteSqlAsync($"SELECT 1 FROM lessons WHERE id = {lesson.Id} FOR UPDATE", ct);
            await entry.ReloadAsync(ct);
            if (IsProcessing(lesson))
                return ValidationProblem.On("video_id", StillProcessing);
        }
        if (change.Id is { } id && await IsTaken(id, teacher, ct))
            return ValidationProblem.On("video_id", InvalidId);

        var now = clock.GetUtcNow();
        if (lesson.VideoId is { } old)
            await db.DeleteVideosOf([(lesson.Id, old)], now, ct);
        if (change.Blob is { } blob)
            lesson.StageVideo(blob, now);
        else if (change.Id is null)
            lesson.ClearVideo();
        else if (change.State is { } state)
            lesson.SetVideo(change.Id, now, state.Status, state.LengthSeconds ?? 0);
        else
            lesson.SetVideo(change.Id, now);
        return null;
    }

    /// <summary>
    /// Has the videos of lessons that are about to be deleted, alone or with their course, deleted at VdoCipher. Within
    /// the transaction, before the lessons go.
    /// </summary>
    public async Task Forget(IQueryable<Lesson> lessons, CancellationToken ct)
    {
        var leaving = await lessons.Where(l => l.VideoId != null).Select(l => new { l.Id, l.VideoId }).ToListAsync(ct);
        await db.DeleteVideosOf([.. leaving.Select(l => (l.Id, l.VideoId!))], clock.GetUtcNow(), ct);
    }

    /// <summary>A video of another teacher, or one that is being deleted.</summary>
    private async Task<bool> IsTaken(string id, Guid teacher, CancellationToken ct) =>
        await db.Lessons.AnyAsync(l => l.VideoId == id && l.Course.TeacherId != teacher, ct)
        || await db.VideoClaims.AnyAsync(c => c.VideoId == id && c.TeacherId != teacher, ct)
        || await db.VideoDeletions.AnyAsync(d => d.VideoId == id, ct);

    private static bool IsProcessing(Lesson lesson) =>
        lesson is { VideoId: not null, VideoStatus: VideoStatus.Queued or VideoStatus.Processing };

    private static Change Refuse(string field, string message) =>
        new() { Refusal = ValidationProblem.On(field, message) };
}
