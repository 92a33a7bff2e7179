using EduPro.Api.Http;
using EduPro.Data;
using Microsoft.EntityFrameworkCore;

namespace EduPro.Api.Features.Catalogue;

internal static class ListCourses
{
    public static Task<IResult> Handle(EduProDb db, PageRequest page, MediaUrls media, CancellationToken ct) =>
        db
            .Courses.Where(c => c.IsPublished)
            .OrderByDescending(c => c.CreatedAt)
            .ThenByDescending(c => c.Id)
            .Select(CourseShape.From(media.Base))
            .ToPage(page, ct, envelope: true);
}

internal static class GetCourse
{
    public static async Task<IResult> Handle(
        PathId course_id,
        CurrentUser caller,
        EduProDb db,
        MediaUrls media,
        CancellationToken ct
    ) =>
        await db.CoursesFor(caller)
            .Where(c => c.Id == course_id)
            .Select(CourseShape.From(media.Base))
            .FirstOrDefaultAsync(ct)
            is { } course
            ? TypedResults.Ok(course)
            : Problems.CourseNotFound;
}
