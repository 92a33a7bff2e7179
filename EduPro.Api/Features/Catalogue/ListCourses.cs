using EduPro.Api.Features.Accounts;
using EduPro.Api.Http;
using EduPro.Data;
using EduPro.Domain.Catalogue;
using Microsoft.EntityFrameworkCore;

namespace EduPro.Api.Features.Catalogue;

internal static class ListCourses
{
    private static readonly CompiledList<ValueTuple, CourseShape> Published = new(
        (db, _) =>
            db
                .Courses.Where(c => c.IsPublished)
                .OrderByDescending(c => c.CreatedAt)
                .ThenByDescending(c => c.Id)
                .Select(CourseShape.From)
    );

    public static Task<IResult> Handle(
        CurrentUser caller,
        EduProDb db,
        PageRequest page,
        RecentCounts counts,
        CancellationToken ct
    )
    {
        var published = db.Courses.Where(c => c.IsPublished);
        return Published.ToPage(
            db,
            default,
            page,
            ct,
            envelope: true,
            count: caller.IsStranger
                ? () => counts.Of(published, nameof(ListCourses), ct)
                : () => published.CountAsync(ct)
        );
    }

    public static IOrderedQueryable<Course> NewestFirst(this IQueryable<Course> courses) =>
        courses.OrderByDescending(c => c.CreatedAt).ThenByDescending(c => c.Id);
}

internal static class ListCoursesOfTeacher
{
    public static async Task<IResult> Handle(
        string teacher_username,
        EduProDb db,
        PageRequest page,
        CancellationToken ct
    )
    {
        var teacher = await db.Teachers.Named(teacher_username).Select(t => t.Id).FirstOrDefaultAsync(ct);
        if (teacher == Guid.Empty)
            return Problems.TeacherNotFound;
        return await db
            .Courses.Where(c => c.TeacherId == teacher && c.IsPublished)
            .NewestFirst()
            .Select(CourseShape.From)
            .ToPage(page, ct);
    }
}

internal static class ListOwnCourses
{
    private static readonly CompiledList<Guid, CourseShape> Own = new(
        (db, teacher) =>
            db
                .Courses.Where(c => c.TeacherId == teacher)
                .OrderByDescending(c => c.CreatedAt)
                .ThenByDescending(c => c.Id)
                .Select(CourseShape.From)
    );

    public static Task<IResult> Handle(CurrentUser teacher, EduProDb db, PageRequest page, CancellationToken ct) =>
        Own.ToPage(db, teacher.Id, page, ct);
}
