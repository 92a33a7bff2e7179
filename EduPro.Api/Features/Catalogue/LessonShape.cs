using EduPro.Api.Http;
using EduPro.Domain;
using EduPro.Domain.Catalogue;
using EduPro.Media;

namespace EduPro.Api.Features.Catalogue;

/// <summary>A lesson in its module's list. The duration is in seconds, 0 while unknown.</summary>
internal sealed record LessonShape(
    Guid Id,
    string Title,
    string Description,
    int Order,
    string? VideoId,
    VideoStatus VideoProcessingStatus,
    [property: PublicFile] string? Thumbnail,
    Uri? Document,
    int Duration,
    bool IsPublished,
    bool IsFree,
    DateTimeOffset CreatedAt
);

/// <summary>A lesson by itself.</summary>
internal sealed record LessonDetail(
    Guid Id,
    string Title,
    string Description,
    int Order,
    string? VideoId,
    VideoStatus VideoProcessingStatus,
    [property: PublicFile] string? Thumbnail,
    Uri? Document,
    int Duration,
    bool IsPublished,
    bool IsFree,
    DateTimeOffset CreatedAt,
    LessonDetail.ModuleTitle Module,
    string? Otp,
    string? PlaybackInfo
)
{
    public sealed record ModuleTitle(Guid Id, string Title, CourseTitle Course);

    public sealed record CourseTitle(Guid Id, string Title);
}

/// <summary>A lesson as a query reads it, with whether the caller gets what is inside: video and document.</summary>
internal sealed record LessonRow(Lesson Lesson, bool IsOpen, string ModuleTitle, string CourseTitle)
{
    public async Task<LessonShape> ToShape(MediaStore store, CancellationToken ct) =>
        new(
            Lesson.Id,
            Lesson.Title,
            Lesson.Description,
            Lesson.Order,
            IsOpen ? Lesson.VideoId : null,
            Lesson.VideoStatus,
            Lesson.Thumbnail,
            await DocumentUrl(store, ct),
            Lesson.Duration,
            Lesson.IsPublished,
            Lesson.IsFree,
            Lesson.CreatedAt
        );

    public async Task<LessonDetail> ToDetail(MediaStore store, CancellationToken ct) =>
        new(
            Lesson.Id,
            Lesson.Title,
            Lesson.Description,
            Lesson.Order,
            IsOpen ? Lesson.VideoId : null,
            Lesson.VideoStatus,
            Lesson.Thumbnail,
            await DocumentUrl(store, ct),
            Lesson.Duration,
            Lesson.IsPublished,
            Lesson.IsFree,
            Lesson.CreatedAt,
            new LessonDetail.ModuleTitle(
                Lesson.ModuleId,
                ModuleTitle,
                new LessonDetail.CourseTitle(Lesson.CourseId, CourseTitle)
            ),
            Otp: null,
            PlaybackInfo: null
        );

    private async Task<Uri?> DocumentUrl(MediaStore store, CancellationToken ct) =>
        IsOpen ? await store.DocumentUrl(Lesson, ct) : null;
}

internal static class LessonDocuments
{
    /// <summary>A link to the lesson's document, good for ten minutes; null for none.</summary>
    public static async Task<Uri?> DocumentUrl(this MediaStore store, Lesson lesson, CancellationToken ct) =>
        lesson.Document is { } blob ? await store.ReadUrlAsync(blob, lesson.DocumentName ?? lesson.Title, ct) : null;
}
