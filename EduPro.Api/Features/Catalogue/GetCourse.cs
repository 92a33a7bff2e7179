using EduPro.Api.Http;
using EduPro.Data;
using Microsoft.EntityFrameworkCore;

namespace EduPro.Api.Features.Catalogue;

internal static class GetCourse
{
    private static readonly Func<EduProDb, Guid, CurrentUser, CancellationToken, Task<CourseShape?>> Read =
        ContentAccess.CourseFor(CourseShape.From);

    /// <summary>Reads published courses, which is what strangers see.</summary>
    public static BatchLoader<Guid, CourseShape> Loader() =>
        new(
            EF.CompileAsyncQuery(
                (EduProDb db, Guid[] ids) =>
                    db.Courses.Where(c => ids.Contains(c.Id) && c.IsPublished).Select(CourseShape.From)
            ),
            course => course.Id
        );

    public static async Task<IResult> Handle(
        PathId course_id,
        CurrentUser caller,
        BatchLoader<Guid, CourseShape> published,
        EduProDb db,
        HttpResponse response,
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
        response.ChangedAt(course.UpdatedAt);
        return TypedResults.Ok(course);
    }
}

internal static class GetPrivateCourse
{
    public static async Task<IResult> Handle(PathId course_id, CurrentUser teacher, EduProDb db, CancellationToken ct)
    {
        var course = db.Courses.Where(c => c.Id == course_id);
        var own = await course
            .Select(c => new
            {
                IsOwner = c.TeacherId == teacher.Id,
                c.IsPublished,
                Modules = c.Modules.Count,
                Lessons = c.Modules.SelectMany(m => m.Lessons).Count(),
                Prerequisites = c.Prerequisites.OrderBy(p => p.Id).Select(p => p.Id).ToList(),
            })
            .FirstOrDefaultAsync(ct);
        if (own is null or { IsOwner: false, IsPublished: false })
            return Problems.CourseNotFound;
        if (!own.IsOwner)
            return Problems.PermissionDenied;
        var shown = await course.Select(CourseShape.From).FirstOrDefaultAsync(ct);
        return shown is null
            ? Problems.CourseNotFound
            : TypedResults.Ok(
                new PrivateCourseShape(shown)
                {
                    ModulesCount = own.Modules,
                    LessonsCount = own.Lessons,
                    EnrollmentsCount = shown.TotalEnrollments,
                    Prerequisites = own.Prerequisites,
                }
            );
    }
}
