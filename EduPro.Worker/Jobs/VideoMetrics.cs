using System.Diagnostics.Metrics;
using EduPro.Domain;

namespace EduPro.Worker.Jobs;

/// <summary>What telemetry hears of videos.</summary>
internal sealed class VideoMetrics
{
    private readonly Counter<long> settled;

    public VideoMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(ServiceDefaults.ServiceDefaults.TelemetryName);
        settled = meter.CreateCounter<long>("edupro.videos.settled", "{video}", "Videos that became ready or failed.");
    }

    public void Settled(VideoStatus status) =>
        settled.Add(1, new KeyValuePair<string, object?>("status", status is VideoStatus.Ready ? "ready" : "failed"));
}
