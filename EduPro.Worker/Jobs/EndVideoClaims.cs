using EduPro.Data;
using EduPro.Domain.Catalogue;
using Microsoft.EntityFrameworkCore;

namespace EduPro.Worker.Jobs;

/// <summary>
/// Has the videos deleted that teachers got upload credentials for and gave to no lesson in time. A video that a lesson
/// has stays, and needs no claim any more.
/// </summary>
internal sealed class EndVideoClaims(EduProDb db, TimeProvider clock) : IJob
{
    private const int Batch = 50;

    public Task<int> Run(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var before = now - VideoClaim.Lifetime;
        return db.InTransaction(
            async ct =>
            {
                var due = await db
                    .VideoClaims.Where(claim => claim.CreatedAt < before)
                    .OrderBy(claim => claim.CreatedAt)
                    .Select(claim => claim.VideoId)
                    .Take(Batch)
                    .ToListAsync(ct);
                await db.DeleteVideosOf(due.ConvertAll(id => (Guid.Empty, id)), now, ct);
                return await db.VideoClaims.Where(claim => due.Contains(claim.VideoId)).ExecuteDeleteAsync(ct);
            },
            ct
        );
    }
}
