using EduPro.Api.Features.Video;
using EduPro.Api.Http;
using EduPro.Api.Http.Binding;
using EduPro.Data;
using EduPro.Domain;
using EduPro.Domain.Catalogue;
using EduPro.Domain.Ordering;
using EduPro.Media;
using FluentValidation;
using Microsoft.EntityFrameworkCore;

namespace EduPro.Api.Features.Catalogue;

internal static class CreateLesson
{
    public sealed class Request
    {
        [MaxLength(200)]
        public required string Title { get; init; }

        [AllowBlank]
        public required string Description { get; init; }

        public int? Order { get; init; }

        public string? VideoId { get; init; }

        public ThumbnailPicture? Thumbnail { get; init; }

        public DocumentFile? Document { get; init; }

        public VideoFile? Video { get; init; }

        public bool IsFree { get; init; }

        public bool IsPublished { get; init; } = true;
    }

    internal sealed class Validator : AbstractValidator<Request>
    {
        public Validator()
        {
            RuleFor(r => r.Order).IsOrder();
            RuleFor(r => r.VideoId).IsVideoId();
        }
    }

    public sealed record Response(
        Guid Id,
        string Title,
        string Description,
        int Order,
        string? VideoId,
        VideoStatus VideoProcessingStatus,
        [property: PublicFile] string? Thumbnail,
        Uri? Document,
        Guid Module,
        int Duration,
        bool IsPublished,
        bool IsFree,
        DateTimeOffset CreatedAt
    );

    public static async Task<IResult> Handle(
        PathId module_id,
        Body<Request> body,
        CurrentUser teacher,
        EduProDb db,
        LessonVideo videos,
        MediaStore store,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var (missing, foreign) = (Problems.ModuleNotFound, Problems.PermissionDenied);
        var owners = db.Modules.Where(m => m.Id == module_id).Select(m => m.Course.TeacherId);
        if (await owners.RefusalOfFiles(body, teacher, missing, foreign, ct) is { } refusal)
            return refusal;
        var faults = await body.Read(ct);
        var thumbnail = faults is null ? await store.Save(body.Value.Thumbnail, ct) : null;
        var document = faults is null ? await store.Save(body.Value.Document, ct) : null;
        var video = faults is null
            ? await videos.Prepare(body.Value.VideoId, body.Value.Video, present: null, ct)
            : LessonVideo.Change.None;
        return await db.Restructure(
            ct => db.LockCourseOfModule(module_id, ct),
            teacher,
            missing,
            foreign,
            faults ?? video.Refusal,
            Create,
            clock,
            ct
        );

        async Task<IResult> Create(Guid course, DateTimeOffset now, CancellationToken ct)
        {
            var module = await db.Modules.Include(m => m.Lessons).FirstOrDefaultAsync(m => m.Id == module_id, ct);
            if (module is null)
                return missing;
            var request = body.Value;
            var lesson = new Lesson
            {
                Id = Guid.CreateVersion7(now),
                ModuleId = module_id,
                CourseId = course,
                Title = request.Title,
                Description = request.Description,
                Order = 1,
                IsPublished = request.IsPublished,
                IsFree = request.IsFree,
                Thumbnail = thumbnail,
                Document = document,
                DocumentName = request.Document?.Name,
                CreatedAt = now,
                UpdatedAt = now,
            };
            if (await videos.Apply(video, lesson, teacher.Id, ct) is { } conflict)
                return conflict;
            lesson.Order = module.Lessons.MakeRoom(request.Order);
            db.Lessons.Add(lesson);
            await db.SaveChangesAsync(ct);
            return TypedResults.Created(
                (string?)null,
                new Response(
                    lesson.Id,
                    lesson.Title,
                    lesson.Description,
                    lesson.Order,
                    lesson.VideoId,
                    lesson.VideoStatus,
                    lesson.Thumbnail,
                    await store.DocumentUrl(lesson, ct),
                    lesson.ModuleId,
                    lesson.Duration,
                    lesson.IsPublished,
                    lesson.IsFree,
                    lesson.CreatedAt
                )
            );
        }
    }
}
