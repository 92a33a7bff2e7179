using EduPro.Api.Features.Video;
using EduPro.Api.Http;
using EduPro.Data;
using Microsoft.EntityFrameworkCore;

namespace EduPro.Api.Features.Catalogue;

internal static class DeleteCourse
{
    public static async Task<IResult> Handle(
        PathId course_id,
        CurrentUser teacher,
        EduProDb db,
        LessonVideo videos,
        CancellationToken ct
    )
    {
        var (missing, foreign) = (Problems.CourseNotFound, Problems.NotYourCourseToDelete);
        if (await db.Refusal(course_id, teacher, missing, foreign, ct) is { } refusal)
            return refusal;
        return await db.InTransaction<IResult>(
            async ct =>
            {
                // Stronger than the lock of other changes: an enrolment that comes now has to wait, and finds nothing.
                await db.Database.ExecuteSqlAsync($"SELECT 1 FROM courses WHERE id = {course_id.Value} FOR UPDATE", ct);
                if (
                    await db.Enrollments.AnyAsync(e => e.CourseId == course_id, ct)
                    || await db.Payments.AnyAsync(p => p.HeldCourseId == course_id, ct)
                )
                    return Problems.CourseHasEnrollments;
                await videos.Forget(db.Lessons.Where(l => l.CourseId == course_id), ct);
                var ratings = db.Ratings.Where(r => r.CourseId == course_id);
                var (rated, sum) = (await ratings.CountAsync(ct), await ratings.SumAsync(r => r.Value, ct));
                if (await db.Courses.Where(c => c.Id == course_id).ExecuteDeleteAsync(ct) == 0)
                    return Problems.CourseNotFound;
                await db
                    .Teachers.Where(t => t.Id == teacher.Id)
                    .ExecuteUpdateAsync(
                        t =>
                            t.SetProperty(x => x.CourseCount, x => x.CourseCount - 1)
                                .SetProperty(x => x.RatingCount, x => x.RatingCount - rated)
                                .SetProperty(x => x.RatingSum, x => x.RatingSum - sum),
                        ct
                    );
                return TypedResults.Ok(new Done("Course deleted successfully"));
            },
            ct
        );
    }
}
