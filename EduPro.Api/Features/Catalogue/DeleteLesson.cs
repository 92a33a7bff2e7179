using EduPro.Api.Features.Video;
using EduPro.Api.Http;
using EduPro.Data;
using EduPro.Domain.Ordering;
using Microsoft.EntityFrameworkCore;

namespace EduPro.Api.Features.Catalogue;

internal static class DeleteLesson
{
    public static Task<IResult> Handle(
        PathId lesson_id,
        CurrentUser teacher,
        EduProDb db,
        LessonVideo videos,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        return db.Restructure(
            ct => db.LockCourseOfLesson(lesson_id, ct),
            teacher,
            Problems.LessonNotFound,
            Problems.PermissionDenied,
            faults: null,
            Delete,
            clock,
            ct,
            leaving: lesson_id
        );

        async Task<IResult> Delete(Guid course, DateTimeOffset now, CancellationToken ct)
        {
            var siblings = await db.Lessons.WithSiblings(lesson_id).ToListAsync(ct);
            if (siblings.Find(l => l.Id == lesson_id) is not { } lesson)
                return Problems.LessonNotFound;
            if (lesson.VideoId is not null)
                await videos.Forget(db.Lessons.Where(l => l.Id == lesson_id), ct);
            siblings.CloseGap(lesson);
            await db.SaveChangesAsync(ct);
            return TypedResults.Ok(new Done("Lesson deleted successfully"));
        }
    }
}
