using EduPro.Api.Http;
using EduPro.Data;
using Microsoft.EntityFrameworkCore;

namespace EduPro.Api.Features.Catalogue;

internal static class ListModules
{
    public static async Task<IResult> Handle(
        PathId course_id,
        CurrentUser caller,
        EduProDb db,
        PageRequest page,
        CancellationToken ct
    )
    {
        var course = await db.CoursesFor(caller)
            .Where(c => c.Id == course_id)
            .Select(c => new { IsOwner = c.TeacherId == caller.Id })
            .FirstOrDefaultAsync(ct);
        if (course is null)
            return Problems.CourseOfModuleNotFound;
        return await db
            .Modules.Where(m => m.CourseId == course_id && (course.IsOwner || m.IsPublished))
            .OrderBy(m => m.Order)
            .ThenBy(m => m.Id)
            .Select(ModuleShape.From(drafts: course.IsOwner))
            .ToPage(page, ct);
    }
}

internal static class GetModule
{
    public static async Task<IResult> Handle(PathId module_id, CurrentUser caller, EduProDb db, CancellationToken ct) =>
        await db.ModulesFor(caller)
            .Where(m => m.Id == module_id)
            .Select(m => new ModuleDetail(
                m.Id,
                m.Title,
                m.Description,
                m.Order,
                new ModuleDetail.CourseTitle(m.CourseId, m.Course.Title),
                m.Lessons.Where(l => l.IsPublished || m.Course.TeacherId == caller.Id)
                    .OrderBy(l => l.Order)
                    .ThenBy(l => l.Id)
                    .Select(l => new ModuleDetail.LessonTitle(l.Id, l.Title, l.Order))
                    .ToList(),
                m.Price,
                m.Price == 0,
                m.IsPublished,
                m.CreatedAt
            ))
            .FirstOrDefaultAsync(ct)
            is { } module
            ? TypedResults.Ok(module)
            : Problems.ModuleNotFound;
}
