using System.Diagnostics.Metrics;
using EduPro.Data;
using Microsoft.EntityFrameworkCore;

namespace EduPro.Worker.Jobs;

/// <summary>
/// What telemetry shows that only the database knows. Every worker shows the same: of several, take one, or the highest.
/// </summary>
internal sealed class LevelMetrics
{
    private volatile Snapshot now = new(0, 0, 0, 0, 0);

    public LevelMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(ServiceDefaults.ServiceDefaults.TelemetryName);
        meter.CreateObservableGauge("edupro.mail.pending", () => now.Mails, "{mail}", "Mails that wait to be sent.");
        meter.CreateObservableGauge("edupro.mail.age", () => now.MailAge, "s", "How long the oldest of them waits.");
        meter.CreateObservableGauge(
            "edupro.videos.pending",
            () => now.Videos,
            "{video}",
            "Videos of all lessons that are neither ready nor failed."
        );
        meter.CreateObservableGauge(
            "edupro.coupons.redemptions",
            () => now.Redemptions,
            "{redemption}",
            "Uses of all coupons that exist."
        );
        meter.CreateObservableGauge(
            "edupro.revenue",
            () => (double)now.Revenue,
            "{currency}",
            "What students have paid, all teachers together."
        );
    }

    public void Set(Snapshot levels) => now = levels;

    /// <param name="Mails">That are neither sent nor given up.</param>
    /// <param name="MailAge">Of the oldest of them, in seconds.</param>
    /// <param name="Videos">That are neither ready nor failed.</param>
    /// <param name="Redemptions">Of coupons.</param>
    /// <param name="Revenue">Of all teachers, all months.</param>
    internal sealed record Snapshot(long Mails, double MailAge, long Videos, long Redemptions, decimal Revenue);
}

/// <summary>Reads the levels for telemetry.</summary>
internal sealed class MeasureLevels(EduProDb db, LevelMetrics metrics, TimeProvider clock) : IJob
{
    public async Task<int> Run(CancellationToken ct)
    {
        var waiting = db.OutboxMails.Where(mail => mail.SentAt == null && mail.DeadAt == null);
        var mails = await waiting
            .GroupBy(_ => 1)
            .Select(all => new { Count = all.LongCount(), Oldest = all.Min(mail => mail.CreatedAt) })
            .SingleOrDefaultAsync(ct);
        metrics.Set(
            new(
                mails?.Count ?? 0,
                mails is null ? 0 : Math.Max(0, (clock.GetUtcNow() - mails.Oldest).TotalSeconds),
                await db.Lessons.LongCountAsync(lesson => lesson.VideoPollAt != null, ct),
                await db.Coupons.SumAsync(coupon => (long)coupon.UsageCount, ct),
                await db.TeacherMonths.SumAsync(month => month.Revenue, ct)
            )
        );
        return 0;
    }
}

internal static class Levels
{
    /// <summary>Shows telemetry what waits, and what was earned.</summary>
    public static void AddLevels(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<LevelMetrics>();
        builder.AddJob<MeasureLevels>(every: TimeSpan.FromSeconds(15));
    }
}
