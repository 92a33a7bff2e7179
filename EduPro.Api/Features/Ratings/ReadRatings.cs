using EduPro.Api.Features.Catalogue;
using EduPro.Api.Http;
using EduPro.Data;
using Microsoft.EntityFrameworkCore;

namespace EduPro.Api.Features.Ratings;

internal static class ListRatings
{
    /// <summary>Of a published course, also of one without ratings: as many as a list shows, the newest first.</summary>
    public sealed record Published(Guid CourseId, List<CourseRatingShape> Ratings);

    private sealed record Cover(int RatingCount, bool IsPublished);

    private static readonly Func<EduProDb, Guid, CurrentUser, CancellationToken, Task<Cover?>> Read =
        ContentAccess.CourseFor(c => new Cover(c.RatingCount, c.IsPublished));

    private static readonly CompiledList<Guid, CourseRatingShape> Ratings = new(
        (db, course) =>
            db
                .Ratings.Where(r => r.CourseId == course)
                .OrderByDescending(r => r.CreatedAt)
                .ThenByDescending(r => r.Id)
                .Join(db.Users, r => r.StudentId, u => u.Id, CourseRatingShape.From)
    );

    private static readonly Func<EduProDb, Guid, Task<int>> Count = EF.CompileAsyncQuery(
        (EduProDb db, Guid course) => db.Ratings.Count(r => r.CourseId == course)
    );

    public static BatchLoader<Guid, Published> Loader() =>
        new(
            EF.CompileAsyncQuery(
                (EduProDb db, Guid[] courses) =>
                    db
                        .Courses.Where(c => courses.Contains(c.Id) && c.IsPublished)
                        .Select(c => new Published(
                            c.Id,
                            db.Ratings.Where(r => r.CourseId == c.Id)
                                .OrderByDescending(r => r.CreatedAt)
                                .ThenByDescending(r => r.Id)
                                .Take(PageRequest.LongestList)
                                .Join(db.Users, r => r.StudentId, u => u.Id, CourseRatingShape.From)
                                .ToList()
                        ))
            ),
            course => course.CourseId
        );

    public static async Task<IResult> Handle(
        PathId course_id,
        CurrentUser caller,
        BatchLoader<Guid, Published> published,
        EduProDb db,
        HttpResponse response,
        PageRequest page,
        CancellationToken ct
    )
    {
        if (caller.IsStranger && page.IsWholeList)
            return await published.Get(db, course_id, ct) is [var shown]
                ? await shown.Ratings.ToPage(page, count: () => Count(db, course_id))
                : Problems.CourseNotFound;
        var course = await Read(db, course_id, caller, ct);
        if (course is null)
            return Problems.CourseNotFound;
        if (!course.IsPublished)
            response.KeepPrivate();
        return await Ratings.ToPage(db, course_id, page, ct, count: () => Task.FromResult(course.RatingCount));
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
