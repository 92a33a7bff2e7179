using EduPro.Api.Features.Accounts;
using EduPro.Api.Http;
using EduPro.Data;
using EduPro.Domain.Catalogue;
using Microsoft.EntityFrameworkCore;

namespace EduPro.Api.Features.Catalogue;

internal static class ListCourses
{
    public static Task<IResult> Handle(EduProDb db, PageRequest page, MediaUrls media, CancellationToken ct) =>
        db
            .Courses.Where(c => c.IsPublished)
            .NewestFirst()
            .Select(CourseShape.From(media.Base))
            .ToPage(page, ct, envelope: true);

    public static IOrderedQueryable<Course> NewestFirst(this IQueryable<Course> courses) =>
        courses.OrderByDescending(c => c.CreatedAt).ThenByDescending(c => c.Id);
}

internal static class ListCoursesOfTeacher
{
    public static async Task<IResult> Handle(
        string teacher_username,
        EduProDb db,
        PageRequest page,
        MediaUrls media,
        CancellationToken ct
    )
    {
        var teacher = await db.Teachers.Named(teacher_username).Select(t => t.Id).FirstOrDefaultAsync(ct);
        if (teacher == Guid.Empty)
            return Problems.TeacherNotFound;
        return await db
            .Courses.Where(c => c.TeacherId == teacher && c.IsPublished)
            .NewestFirst()
            .Select(CourseShape.From(media.Base))
            .ToPage(page, ct);
    }
}

internal static class ListOwnCourses
{
    public static Task<IResult> Handle(
        CurrentUser teacher,
        EduProDb db,
        PageRequest page,
        MediaUrls media,
        CancellationToken ct
    ) =>
        db
            .Courses.Where(c => c.TeacherId == teacher.Id)
            .NewestFirst()
            .Select(CourseShape.From(media.Base))
            .ToPage(page, ct);
}
