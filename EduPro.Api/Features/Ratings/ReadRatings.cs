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
        HttpResponse response,
        PageRequest page,
        CancellationToken ct
    )
    {
        var course = course_id.Value;
        var rated = await db.CoursesFor(caller)
            .Where(c => c.Id == course)
            .Select(c => new { c.RatingCount, c.IsPublished })
            .FirstOrDefaultAsync(ct);
        if (rated is null)
            return Problems.CourseNotFound;
        if (!rated.IsPublished)
            response.KeepPrivate();
        return await db
            .Ratings.Where(r => r.CourseId == course)
            .OrderByDescending(r => r.CreatedAt)
            .ThenByDescending(r => r.Id)
            .Select(CourseRatingShape.From)
            .ToPage(page, ct, count: () => Task.FromResult(rated.RatingCount));
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
