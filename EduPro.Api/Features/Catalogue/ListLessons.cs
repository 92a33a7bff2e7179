using EduPro.Api.Features.Video;
using EduPro.Api.Http;
using EduPro.Data;
using EduPro.Domain;
using EduPro.Media;
using Microsoft.EntityFrameworkCore;

namespace EduPro.Api.Features.Catalogue;

internal static class ListLessons
{
    public static async Task<IResult> Handle(
        PathId module_id,
        CurrentUser caller,
        EduProDb db,
        MediaStore store,
        PageRequest page,
        CancellationToken ct
    )
    {
        if (!await db.ModulesFor(caller).AnyAsync(m => m.Id == module_id, ct))
            return Problems.ModuleNotFound;
        return await db.LessonsFor(caller)
            .Where(l => l.ModuleId == module_id)
            .OrderBy(l => l.Order)
            .ThenBy(l => l.Id)
            .RowsFor(db, caller)
            .ToPage(page, row => row.ToShape(store, ct), ct);
    }
}

internal static class GetLesson
{
    public static async Task<IResult> Handle(
        PathId lesson_id,
        CurrentUser caller,
        EduProDb db,
        Playback playback,
        MediaStore store,
        CancellationToken ct
    )
    {
        var row = await db.LessonsFor(caller).Where(l => l.Id == lesson_id).RowsFor(db, caller).FirstOrDefaultAsync(ct);
        if (row is null)
            return Problems.LessonNotFound;
        var (play, refusal) = row.IsOpen ? await playback.Start(row.Lesson, caller, ct) : default;
        return refusal
            ?? TypedResults.Ok(
                await row.ToDetail(store, ct) with
                {
                    Otp = play?.Otp,
                    PlaybackInfo = play?.PlaybackInfo,
                }
            );
    }
}

/// <summary>Where a lesson's video stands, from what the worker last saw.</summary>
internal static class CheckVideoStatus
{
    public sealed record Response(string? VideoId, VideoStatus ProcessingStatus, bool IsReady);

    public static async Task<IResult> Handle(PathId lesson_id, CurrentUser caller, EduProDb db, CancellationToken ct) =>
        await db.LessonsFor(caller).Where(l => l.Id == lesson_id).RowsFor(db, caller).FirstOrDefaultAsync(ct)
            is { Lesson: var lesson } row
            ? TypedResults.Ok(
                new Response(
                    row.IsOpen ? lesson.VideoId : null,
                    lesson.VideoStatus,
                    lesson.VideoStatus is VideoStatus.Ready
                )
            )
            : Problems.LessonNotFound;
}
