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
        HttpResponse response,
        PageRequest page,
        CancellationToken ct
    )
    {
        var course = await db.CoursesFor(caller)
            .Where(c => c.Id == course_id)
            .Select(c => new { IsOwner = c.TeacherId == caller.Id, c.IsPublished })
            .FirstOrDefaultAsync(ct);
        if (course is null)
            return Problems.CourseOfModuleNotFound;
        if (course.IsOwner || !course.IsPublished)
            response.KeepPrivate();
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
    public static async Task<IResult> Handle(
        PathId module_id,
        CurrentUser caller,
        EduProDb db,
        HttpResponse response,
        CancellationToken ct
    )
    {
        var found = await db.ModulesFor(caller)
            .Where(m => m.Id == module_id)
            .Select(m => new
            {
                IsPrivate = m.Course.TeacherId == caller.Id || !m.Course.IsPublished,
                m.UpdatedAt,
                Shape = new ModuleDetail(
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
                ),
            })
            .FirstOrDefaultAsync(ct);
        if (found is null)
            return Problems.ModuleNotFound;
        if (found.IsPrivate)
            response.KeepPrivate();
        response.ChangedAt(found.UpdatedAt);
        return TypedResults.Ok(found.Shape);
    }
}
