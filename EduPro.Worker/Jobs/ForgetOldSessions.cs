using EduPro.Data;
using Microsoft.EntityFrameworkCore;

namespace EduPro.Worker.Jobs;

/// <summary>Deletes sessions whose refresh tokens have run out.</summary>
internal sealed partial class ForgetOldSessions(EduProDb db, TimeProvider clock, ILogger<ForgetOldSessions> logger)
    : IJob
{
    public async Task<int> Run(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var forgotten = await db.Sessions.Where(session => session.ExpiresAt < now).ExecuteDeleteAsync(ct);
        Forgot(forgotten);
        return forgotten;
    }

    [LoggerMessage(LogLevel.Information, "Forgot {Count} expired sessions")]
    private partial void Forgot(int count);
}
