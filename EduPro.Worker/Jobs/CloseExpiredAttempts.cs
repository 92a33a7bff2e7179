using System.Diagnostics.Metrics;
using EduPro.Data;
using EduPro.Domain.Assessments;
using EduPro.Domain.Scoring;
using Microsoft.EntityFrameworkCore;

namespace EduPro.Worker.Jobs;

/// <summary>Hands in, for students whose time ran out, what they had saved.</summary>
internal sealed partial class CloseExpiredAttempts(
    EduProDb db,
    TimeProvider clock,
    IMeterFactory meters,
    ILogger<CloseExpiredAttempts> logger
) : IJob
{
    private readonly Counter<long> counter = meters
        .Create(ServiceDefaults.ServiceDefaults.TelemetryName)
        .CreateCounter<long>("edupro.attempts.closed", "{attempt}", "Attempts handed in because their time ran out.");
    private const int Batch = 20;

    public async Task<int> Run(CancellationToken ct)
    {
        var running = nameof(AttemptStatus.InProgress);
        var latest = clock.GetUtcNow() - Attempt.Grace;
        var closed = await db.InTransaction(
            async ct =>
            {
                // Each attempt by one worker: the others skip what is locked.
                var attempts = await db
                    .Attempts.FromSql(
                        $"""
                        SELECT * FROM attempts WHERE status = {running} AND expires_at < {latest}
                        ORDER BY expires_at LIMIT {Batch} FOR UPDATE SKIP LOCKED
                        """
                    )
                    .AsNoTracking()
                    .ToListAsync(ct);
                foreach (var attempt in attempts)
                {
                    attempt.RunOut();
                    await db.WriteSubmission(attempt, ct);
                }
                return attempts.Count;
            },
            ct
        );
        if (closed > 0)
        {
            counter.Add(closed);
            Closed(closed);
        }
        return closed;
    }

    [LoggerMessage(LogLevel.Information, "Closed {Count} attempts whose time ran out")]
    private partial void Closed(int count);
}
