using System.Diagnostics.Metrics;
using EduPro.Data;
using EduPro.Domain;
using Microsoft.EntityFrameworkCore;

namespace EduPro.Worker.Jobs;

/// <summary>What telemetry hears of videos.</summary>
internal sealed class VideoMetrics
{
    private readonly Counter<long> settled;
    private long pending;

    public VideoMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(ServiceDefaults.ServiceDefaults.TelemetryName);
        settled = meter.CreateCounter<long>("edupro.videos.settled", "{video}", "Videos that became ready or failed.");
        meter.CreateObservableGauge(
            "edupro.videos.pending",
            () => Interlocked.Read(ref pending),
            "{video}",
            "Videos of all lessons that are neither ready nor failed."
        );
    }

    public void Pending(long videos) => Interlocked.Exchange(ref pending, videos);

    public void Settled(VideoStatus status) =>
        settled.Add(1, new KeyValuePair<string, object?>("status", status is VideoStatus.Ready ? "ready" : "failed"));
}

/// <summary>Counts the videos that are neither ready nor failed, for the metrics.</summary>
internal sealed class CountVideos(EduProDb db, VideoMetrics metrics) : IJob
{
    public async Task<int> Run(CancellationToken ct)
    {
        metrics.Pending(await db.Lessons.CountAsync(lesson => lesson.VideoPollAt != null, ct));
        return 0;
    }
}
