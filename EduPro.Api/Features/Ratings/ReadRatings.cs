using System.Linq.Expressions;
using EduPro.Api.Features.Catalogue;
using EduPro.Api.Http;
using EduPro.Data;
using EduPro.Domain.Catalogue;
using Microsoft.EntityFrameworkCore;

namespace EduPro.Api.Features.Ratings;

internal static class ListRatings
{
    public sealed record Cover(Guid Id, int RatingCount, bool IsPublished)
    {
        public static readonly Expression<Func<Course, Cover>> From = c => new Cover(
            c.Id,
            c.RatingCount,
            c.IsPublished
        );
    }

    private static readonly Func<EduProDb, Guid, CurrentUser, CancellationToken, Task<Cover?>> Read =
        ContentAccess.CourseFor(Cover.From);

    private static readonly CompiledList<Guid, CourseRatingShape> Ratings = new(
        (db, course) =>
            db
                .Ratings.Where(r => r.CourseId == course)
                .OrderByDescending(r => r.CreatedAt)
                .ThenByDescending(r => r.Id)
                .Join(db.Users, r => r.StudentId, u => u.Id, CourseRatingShape.From)
    );

    /// <summary>Reads published courses, which is what strangers see.</summary>
    public static BatchLoader<Guid, Cover> CourseLoader() =>
        new(
            EF.CompileAsyncQuery(
                (EduProDb db, Guid[] ids) =>
                    db.Courses.Where(c => ids.Contains(c.Id) && c.IsPublished).Select(Cover.From)
            ),
            course => course.Id
        );

    /// <summary>Reads all ratings of courses that have few enough for a list.</summary>
    public static BatchLoader<Guid, CourseRatingShape> RatingLoader() =>
        new(
            EF.CompileAsyncQuery(
                (EduProDb db, Guid[] courses) =>
                    db
                        .Ratings.Where(r => courses.Contains(r.CourseId))
                        .OrderByDescending(r => r.CreatedAt)
                        .ThenByDescending(r => r.Id)
                        .Join(db.Users, r => r.StudentId, u => u.Id, CourseRatingShape.From)
            ),
            rating => rating.CourseId
        );

    public static async Task<IResult> Handle(
        PathId course_id,
        CurrentUser caller,
        BatchLoader<Guid, Cover> published,
        BatchLoader<Guid, CourseRatingShape> ratings,
        EduProDb db,
        HttpResponse response,
        PageRequest page,
        CancellationToken ct
    )
    {
        var course = caller.IsStranger
            ? (await published.Get(db, course_id, ct)).FirstOrDefault()
            : await Read(db, course_id, caller, ct);
        if (course is null)
            return Problems.CourseNotFound;
        if (!course.IsPublished)
            response.KeepPrivate();
        return page.IsWholeList && course.RatingCount < PageRequest.LongestList
            ? await (await ratings.Get(db, course_id, ct)).ToPage(page)
            : await Ratings.ToPage(db, course_id, page, ct, count: () => Task.FromResult(course.RatingCount));
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
