using EduPro.Data;
using EduPro.Domain.Idempotency;
using Microsoft.EntityFrameworkCore;

namespace EduPro.Worker.Jobs;

/// <summary>
/// Deletes what has had its time: sessions whose refresh tokens have run out, one-time passwords that nobody can use,
/// answers that are too old to be repeated, and mails that were sent or given up.
/// </summary>
internal sealed partial class ForgetOldRows(EduProDb db, TimeProvider clock, ILogger<ForgetOldRows> logger) : IJob
{
    /// <summary>So long whoever comes late with a right one-time password learns that it has expired.</summary>
    private static readonly TimeSpan KeptExpired = TimeSpan.FromDays(1);

    /// <summary>So long one can look up what became of a mail.</summary>
    private static readonly TimeSpan KeptMails = TimeSpan.FromDays(30);

    public async Task<int> Run(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var (lastAnswer, lastExpiry, lastMail) = (now - IdempotencyKey.Lifetime, now - KeptExpired, now - KeptMails);
        Forgot("sessions", await db.Sessions.Where(s => s.ExpiresAt < now).ExecuteDeleteAsync(ct));
        Forgot(
            "one-time passwords",
            await db.PasswordResets.Where(r => r.ExpiresAt < lastExpiry).ExecuteDeleteAsync(ct)
        );
        Forgot(
            "idempotency keys",
            await db.IdempotencyKeys.Where(k => k.CreatedAt < lastAnswer).ExecuteDeleteAsync(ct)
        );
        Forgot("mails", await db.OutboxMails.Where(m => (m.SentAt ?? m.DeadAt) < lastMail).ExecuteDeleteAsync(ct));
        return 0;
    }

    private void Forgot(string what, int count)
    {
        if (count > 0)
            LogForgot(count, what);
    }

    [LoggerMessage(LogLevel.Information, "Forgot {Count} old {What}")]
    private partial void LogForgot(int count, string what);
}
