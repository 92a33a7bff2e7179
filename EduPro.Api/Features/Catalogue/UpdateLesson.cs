using EduPro.Api.Features.Video;
using EduPro.Api.Http;
using EduPro.Api.Http.Binding;
using EduPro.Data;
using EduPro.Domain.Ordering;
using EduPro.Media;
using FluentValidation;
using Microsoft.EntityFrameworkCore;

namespace EduPro.Api.Features.Catalogue;

internal static class UpdateLesson
{
    public sealed class Request
    {
        [MaxLength(200)]
        public Optional<string> Title { get; init; }

        [AllowBlank]
        public Optional<string> Description { get; init; }

        public Optional<int> Order { get; init; }

        public Optional<string?> VideoId { get; init; }

        public Optional<ThumbnailPicture?> Thumbnail { get; init; }

        public Optional<DocumentFile?> Document { get; init; }

        public VideoFile? Video { get; init; }

        public Optional<bool> IsFree { get; init; }

        public Optional<bool> IsPublished { get; init; }
    }

    internal sealed class Validator : AbstractValidator<Request>
    {
        public Validator()
        {
            RuleFor(r => r.Order.IsPresent ? r.Order.Value : (int?)null).IsOrder().OverridePropertyName("Order");
            RuleFor(r => r.VideoId.Value).IsVideoId();
        }
    }

    public static async Task<IResult> Handle(
        PathId lesson_id,
        Body<Request> body,
        CurrentUser teacher,
        EduProDb db,
        LessonVideo videos,
        MediaStore store,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var (missing, foreign) = (Problems.LessonNotFound, Problems.PermissionDenied);
        var owners = db.Lessons.Where(l => l.Id == lesson_id).Select(l => l.Course.TeacherId);
        if (await owners.RefusalOfFiles(body, teacher, missing, foreign, ct) is { } refusal)
            return refusal;
        var faults = await body.Read(ct);
        var thumbnail = faults is null ? await store.Save(body.Value.Thumbnail.Value, ct) : null;
        var document = faults is null ? await store.Save(body.Value.Document.Value, ct) : null;
        var video = faults is null ? await PrepareVideo() : LessonVideo.Change.None;
        return await db.Restructure(
            ct => db.LockCourseOfLesson(lesson_id, ct),
            teacher,
            missing,
            foreign,
            faults ?? video.Refusal,
            Update,
            clock,
            ct
        );

        async Task<LessonVideo.Change> PrepareVideo()
        {
            var (id, file) = (body.Value.VideoId, body.Value.Video);
            if (!id.IsPresent && file is null)
                return LessonVideo.Change.None;
            var present = await db.Lessons.AsNoTracking().FirstOrDefaultAsync(l => l.Id == lesson_id, ct);
            return await videos.Prepare(id, file, present, ct);
        }

        async Task<IResult> Update(Guid course, DateTimeOffset now, CancellationToken ct)
        {
            var request = body.Value;
            var siblings = await (
                request.Order.IsPresent ? db.Lessons.WithSiblings(lesson_id) : db.Lessons.Where(l => l.Id == lesson_id)
            ).ToListAsync(ct);
            if (siblings.Find(l => l.Id == lesson_id) is not { } lesson)
                return missing;
            if (await videos.Apply(video, lesson, teacher.Id, ct) is { } conflict)
                return conflict;
            lesson.Title = request.Title.Or(lesson.Title);
            lesson.Description = request.Description.Or(lesson.Description);
            lesson.IsFree = request.IsFree.Or(lesson.IsFree);
            lesson.IsPublished = request.IsPublished.Or(lesson.IsPublished);
            if (request.Thumbnail.IsPresent)
                lesson.Thumbnail = thumbnail;
            if (request.Document.IsPresent)
                (lesson.Document, lesson.DocumentName) = (document, request.Document.Value?.Name);
            lesson.UpdatedAt = now;
            if (request.Order is { IsPresent: true, Value: var wanted })
                siblings.Move(lesson, wanted);
            await db.SaveChangesAsync(ct);
            return TypedResults.Ok(new Done("Lesson updated successfully"));
        }
    }
}
