using EduPro.Api.Features.Video;
using EduPro.Api.Http;
using EduPro.Data;
using Microsoft.EntityFrameworkCore;

namespace EduPro.Api.Features.Catalogue;

internal static class DeleteLesson
{
    public static async Task<IResult> Handle(
        PathId lesson_id,
        CurrentUser teacher,
        EduProDb db,
        LessonVideo videos,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var (course, refusal) = await db.Lessons.CourseOf(lesson_id, teacher, ct);
        if (refusal is not null)
            return refusal;
        return await db.Restructure(course, teacher, Problems.LessonNotFound, Delete, clock, ct);

        async Task<IResult> Delete(DateTimeOffset now, CancellationToken ct)
        {
            if (await db.Lessons.FirstOrDefaultAsync(l => l.Id == lesson_id, ct) is not { } lesson)
                return Problems.LessonNotFound;
            await videos.Forget(db.Lessons.Where(l => l.Id == lesson_id), ct);
            // Its progress rows go with it, and tell whose progress is to be counted anew; so it stops to count first.
            lesson.IsPublished = false;
            await db.SaveChangesAsync(ct);
            await db.RefreshCounters(course, now, ct);
            await db.Lessons.Where(l => l.ModuleId == lesson.ModuleId).CloseGap(lesson.Order, ct);
            db.Lessons.Remove(lesson);
            await db.SaveChangesAsync(ct);
            return TypedResults.Ok(new Done("Lesson deleted successfully"));
        }
    }
}
