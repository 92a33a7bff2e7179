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
        var owner = await db.Courses.Where(c => c.Id == course_id).Select(c => c.TeacherId).FirstOrDefaultAsync(ct);
        if (owner == Guid.Empty)
            return Problems.CourseNotFound;
        if (owner != teacher.Id)
            return Problems.NotYourCourseToDelete;
        return await db.InTransaction<IResult>(
            async ct =>
            {
                // Stronger than the lock of other changes: an enrolment that comes now has to wait, and finds nothing.
                await db.Database.ExecuteSqlAsync($"SELECT 1 FROM courses WHERE id = {course_id.Value} FOR UPDATE", ct);
                if (await db.Enrollments.AnyAsync(e => e.CourseId == course_id, ct))
                    return Problems.CourseHasEnrollments;
                await videos.Forget(db.Lessons.Where(l => l.CourseId == course_id), ct);
                if (await db.Courses.Where(c => c.Id == course_id).ExecuteDeleteAsync(ct) == 0)
                    return Problems.CourseNotFound;
                await db
                    .Teachers.Where(t => t.Id == teacher.Id)
                    .ExecuteUpdateAsync(t => t.SetProperty(x => x.CourseCount, x => x.CourseCount - 1), ct);
                return TypedResults.Ok(new Done("Course deleted successfully"));
            },
            ct
        );
    }
}
