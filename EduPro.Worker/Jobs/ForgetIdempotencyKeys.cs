using EduPro.Data;
using Microsoft.EntityFrameworkCore;

namespace EduPro.Worker.Jobs;

/// <summary>Deletes the answers that are too old to be repeated.</summary>
internal sealed partial class ForgetIdempotencyKeys(
    EduProDb db,
    TimeProvider clock,
    ILogger<ForgetIdempotencyKeys> logger
) : IJob
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    public async Task<int> Run(CancellationToken ct)
    {
        var before = clock.GetUtcNow() - Lifetime;
        var forgotten = await db.IdempotencyKeys.Where(key => key.CreatedAt < before).ExecuteDeleteAsync(ct);
        Forgot(forgotten);
        return 0;
    }

    [LoggerMessage(LogLevel.Information, "Forgot {Count} idempotency keys")]
    private partial void Forgot(int count);
}
