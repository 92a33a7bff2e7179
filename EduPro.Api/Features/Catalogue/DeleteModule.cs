using EduPro.Api.Http;
using EduPro.Data;
using Microsoft.EntityFrameworkCore;

namespace EduPro.Api.Features.Catalogue;

internal static class DeleteModule
{
    public static async Task<IResult> Handle(
        PathId module_id,
        CurrentUser teacher,
        EduProDb db,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var (course, refusal) = await db.Modules.CourseOf(module_id, teacher, ct);
        if (refusal is not null)
            return refusal;
        return await db.Restructure(course, teacher, Problems.ModuleNotFound, Delete, clock, ct);

        async Task<IResult> Delete(DateTimeOffset now, CancellationToken ct)
        {
            if (await db.Modules.FirstOrDefaultAsync(m => m.Id == module_id, ct) is not { } module)
                return Problems.ModuleNotFound;
            if (await db.Lessons.AnyAsync(l => l.ModuleId == module_id, ct))
                return Problems.ModuleHasLessons;
            await db.Modules.Where(m => m.CourseId == course).CloseGap(module.Order, ct);
            db.Modules.Remove(module);
            await db.SaveChangesAsync(ct);
            return TypedResults.Ok(new Done("Module deleted successfully"));
        }
    }
}
