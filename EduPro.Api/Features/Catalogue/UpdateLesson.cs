using EduPro.Api.Features.Video;
using EduPro.Api.Http;
using EduPro.Api.Http.Binding;
using EduPro.Data;
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
        var (course, refusal) = await db.Lessons.CourseOf(lesson_id, teacher, ct);
        if (refusal is not null)
            return refusal;
        if (await body.Read(ct) is { } problem)
            return problem;
        var request = body.Value;
        var thumbnail = await store.Save(request.Thumbnail.Value, ct);
        var document = await store.Save(request.Document.Value, ct);
        var present = await db.Lessons.AsNoTracking().FirstOrDefaultAsync(l => l.Id == lesson_id, ct);
        var video = await videos.Prepare(request.VideoId, request.Video, present, ct);
        if (video.Refusal is { } unusable)
            return unusable;
        return await db.Restructure(course, teacher, Problems.LessonNotFound, Update, clock, ct);

        async Task<IResult> Update(DateTimeOffset now, CancellationToken ct)
        {
            if (await db.Lessons.FirstOrDefaultAsync(l => l.Id == lesson_id, ct) is not { } lesson)
                return Problems.LessonNotFound;
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
                lesson.Order = await db
                    .Lessons.Where(l => l.ModuleId == lesson.ModuleId)
                    .MoveOver(lesson.Order, wanted, ct);
            await db.SaveChangesAsync(ct);
            return TypedResults.Ok(new Done("Lesson updated successfully"));
        }
    }
}
