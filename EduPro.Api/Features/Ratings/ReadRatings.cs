using EduPro.Api.Features.Catalogue;
using EduPro.Api.Http;
using EduPro.Data;
using Microsoft.EntityFrameworkCore;

namespace EduPro.Api.Features.Ratings;

internal static class ListRatings
{
    public static async Task<IResult> Handle(
        PathId course_id,
        CurrentUser caller,
        EduProDb db,
        PageRequest page,
        CancellationToken ct
    )
    {
        var course = course_id.Value;
        var count = await db.CoursesFor(caller)
            .Where(c => c.Id == course)
            .Select(c => (int?)c.RatingCount)
            .FirstOrDefaultAsync(ct);
        if (count is null)
            return Problems.CourseNotFound;
        return await db
            .Ratings.Where(r => r.CourseId == course)
            .OrderByDescending(r => r.CreatedAt)
            .ThenByDescending(r => r.Id)
            .Select(CourseRatingShape.From)
            .ToPage(page, ct, count: count);
    }
}

internal static class GetRating
{
    public static async Task<IResult> Handle(PathId id, CurrentUser student, EduProDb db, CancellationToken ct)
    {
        var rating = id.Value;
        var found = await db.Ratings.Where(r => r.Id == rating).Select(RatingShape.From).FirstOrDefaultAsync(ct);
        return found is null ? Problems.RatingNotFound
            : found.Student != student.Id ? Problems.NotYourRating
            : TypedResults.Ok(found);
    }
}
