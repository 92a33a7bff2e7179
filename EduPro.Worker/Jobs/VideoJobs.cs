using EduPro.Media.VdoCipher;

namespace EduPro.Worker.Jobs;

internal static class VideoJobs
{
    /// <summary>What happens to videos after the request that set or removed them.</summary>
    public static void AddVideoJobs(this WebApplicationBuilder builder)
    {
        builder.AddVdoCipher();
        builder.Services.AddSingleton<VideoRequests>();
        builder.Services.AddSingleton<VideoMetrics>();
        builder.AddJob<PollVideos>(every: TimeSpan.FromSeconds(1));
        builder.AddJob<UploadStagedVideos>(every: TimeSpan.FromSeconds(1), lanes: 3);
        builder.AddJob<DeleteVideos>(every: TimeSpan.FromSeconds(1));
        builder.AddJob<EndVideoClaims>(every: TimeSpan.FromHours(1));
        builder.AddJob<SweepStagedVideos>(every: TimeSpan.FromMinutes(5));
    }
}
