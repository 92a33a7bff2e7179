using System.Linq.Expressions;
using EduPro.Api.Http;
using EduPro.Data;
using EduPro.Domain.Catalogue;
using Microsoft.EntityFrameworkCore;

namespace EduPro.Api.Features.Catalogue;

internal static class ListModules
{
    private sealed record Cover(Guid TeacherId, bool IsPublished, int Modules, int PublishedModules);

    private static readonly Func<EduProDb, Guid, CurrentUser, CancellationToken, Task<Cover?>> Read =
        ContentAccess.CourseFor(c => new Cover(
            c.TeacherId,
            c.IsPublished,
            c.Modules.Count,
            c.Modules.Count(m => m.IsPublished)
        ));

    private static readonly Func<EduProDb, Guid, Task<int>> Count = EF.CompileAsyncQuery(
        (EduProDb db, Guid course) => db.Modules.Count(m => m.CourseId == course && m.IsPublished)
    );

    private static readonly CompiledList<Guid, ModuleShape> Published = ModulesOf(drafts: false),
        All = ModulesOf(drafts: true);

    private static readonly Expression<Func<Module, ModuleShape>> ShapeForEverybody = ModuleShape.From(drafts: false);

    /// <summary>Reads what strangers see.</summary>
    public static BatchLoader<Guid, ModuleShape> Loader() =>
        new(
            EF.CompileAsyncQuery(
                (EduProDb db, Guid[] courses) =>
                    db
                        .Courses.Where(c => courses.Contains(c.Id))
                        .SelectMany(c =>
                            db.Modules.Where(m => m.CourseId == c.Id && m.IsPublished && c.IsPublished)
                                .OrderBy(m => m.Order)
                                .ThenBy(m => m.Id)
                                .Take(PageRequest.LongestList)
                        )
                        .OrderBy(m => m.Order)
                        .ThenBy(m => m.Id)
                        .Select(ShapeForEverybody)
            ),
            module => module.CourseId
        );

    public static async Task<IResult> Handle(
        PathId course_id,
        CurrentUser caller,
        BatchLoader<Guid, CourseShape> courses,
        BatchLoader<Guid, ModuleShape> modules,
        EduProDb db,
        HttpResponse response,
        PageRequest page,
        CancellationToken ct
    )
    {
        if (caller.IsStranger && page.IsWholeList)
        {
            var shown = await modules.Get(db, course_id, ct);
            // Where there are modules, the course need not be asked for.
            return shown.Count == 0 && await courses.Get(db, course_id, ct) is []
                ? Problems.CourseOfModuleNotFound
                : await shown.ToPage(page, count: () => Count(db, course_id));
        }
        var course = await Read(db, course_id, caller, ct);
        if (course is null)
            return Problems.CourseOfModuleNotFound;
        var isOwner = course.TeacherId == caller.Id;
        if (isOwner || !course.IsPublished)
            response.KeepPrivate();
        var (list, length) = isOwner ? (All, course.Modules) : (Published, course.PublishedModules);
        return await list.ToPage(db, course_id, page, ct, count: () => Task.FromResult(length));
    }

    private static CompiledList<Guid, ModuleShape> ModulesOf(bool drafts)
    {
        var shape = ModuleShape.From(drafts);
        return new(
            (db, course) =>
                db
                    .Modules.Where(m => m.CourseId == course && (drafts || m.IsPublished))
                    .OrderBy(m => m.Order)
                    .ThenBy(m => m.Id)
                    .Select(shape)
        );
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
