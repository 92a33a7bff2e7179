using EduPro.Api.Features.Video;
using EduPro.Api.Http;
using EduPro.Data;
using Microsoft.EntityFrameworkCore;

namespace EduPro.Api.Features.Catalogue;

internal static class DeleteCourse
{
    public static Task<IResult> Handle(
        PathId course_id,
        CurrentUser teacher,
        EduProDb db,
        LessonVideo videos,
        CancellationToken ct
    ) =>
        db.InTransaction<IResult>(
            async ct =>
            {
                // Stronger than the lock of other changes: an enrolment that comes now has to wait, and finds nothing.
                var owners = await db
                    .Database.SqlQuery<Guid>($"SELECT teacher_id FROM courses WHERE id = {course_id.Value} FOR UPDATE")
                    .ToListAsync(ct);
                if (owners is not [var owner])
                    return Problems.CourseNotFound;
                if (owner != teacher.Id)
                    return Problems.NotYourCourseToDelete;
                var (ratings, lessons) = (
                    db.Ratings.Where(r => r.CourseId == course_id),
                    db.Lessons.Where(l => l.CourseId == course_id)
                );
                var course = await db
                    .Courses.Where(c => c.Id == course_id)
                    .Select(c => new
                    {
                        IsTaken = db.Enrollments.Any(e => e.CourseId == c.Id)
                            || db.Payments.Any(p => p.HeldCourseId == c.Id),
                        HasVideos = lessons.Any(l => l.VideoId != null),
                        Ratings = ratings.Count(),
                        RatingSum = ratings.Sum(r => r.Value),
                    })
                    .SingleAsync(ct);
                if (course.IsTaken)
                    return Problems.CourseHasEnrollments;
                if (course.HasVideos)
                    await videos.Forget(lessons, ct);
                await db.Courses.Where(c => c.Id == course_id).ExecuteDeleteAsync(ct);
                await db
                    .Teachers.Where(t => t.Id == teacher.Id)
                    .ExecuteUpdateAsync(
                        t =>
                            t.SetProperty(x => x.CourseCount, x => x.CourseCount - 1)
                                .SetProperty(x => x.RatingCount, x => x.RatingCount - course.Ratings)
                                .SetProperty(x => x.RatingSum, x => x.RatingSum - course.RatingSum),
                        ct
                    );
                return TypedResults.Ok(new Done("Course deleted successfully"));
            },
            ct
        );
}
