using EduPro.Api.Http;
using EduPro.Data;
using EduPro.Domain.Ordering;
using Microsoft.EntityFrameworkCore;

namespace EduPro.Api.Features.Catalogue;

internal static class DeleteModule
{
    public static Task<IResult> Handle(
        PathId module_id,
        CurrentUser teacher,
        EduProDb db,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        return db.Restructure(
            ct => db.LockCourseOfModule(module_id, ct),
            teacher,
            Problems.ModuleNotFound,
            Problems.PermissionDenied,
            faults: null,
            Delete,
            clock,
            ct
        );

        async Task<IResult> Delete(Guid course, DateTimeOffset now, CancellationToken ct)
        {
            var siblings = await db
                .Modules.Where(m => m.CourseId == course)
                .Select(m => new { Module = m, HasLessons = m.Lessons.Any() })
                .ToListAsync(ct);
            if (siblings.Find(s => s.Module.Id == module_id) is not { Module: var module, HasLessons: var hasLessons })
                return Problems.ModuleNotFound;
            if (hasLessons)
                return Problems.ModuleHasLessons;
            siblings.ConvertAll(s => s.Module).CloseGap(module);
            db.Modules.Remove(module);
            await db.SaveChangesAsync(ct);
            return TypedResults.Ok(new Done("Module deleted successfully"));
        }
    }
}
