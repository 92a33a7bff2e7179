using EduPro.Data;
using EduPro.Media;
using Microsoft.EntityFrameworkCore;

namespace EduPro.Worker.Jobs;

/// <summary>
/// Removes the files of videos that no lesson waits to have uploaded. Equal files share one blob, and a file is stored
/// shortly before its row: so only files of some age go, and only if nobody stored them again meanwhile.
/// </summary>
internal sealed partial class SweepStagedVideos(EduProDb db, MediaStore store, ILogger<SweepStagedVideos> logger) : IJob
{
    public static readonly TimeSpan Age = TimeSpan.FromMinutes(10);

    public async Task<int> Run(CancellationToken ct)
    {
        await Remove(store.ListOlderThanAsync(MediaContainer.Documents, Age, ct), ct);
        return 0;
    }

    public async Task Remove(IAsyncEnumerable<StoredMediaItem> files, CancellationToken ct)
    {
        var removed = 0;
        await foreach (var file in files)
        {
            if (!file.Name.StartsWith("videos/", StringComparison.Ordinal))
                continue;
            if (await db.Lessons.AnyAsync(lesson => lesson.StagedVideo == file.Name, ct))
                continue;
            if (await store.DeleteUnchangedAsync(file, ct))
                removed++;
        }
        if (removed > 0)
            LogRemoved(removed);
    }

    [LoggerMessage(LogLevel.Information, "Removed {Count} staged videos that were uploaded or given up")]
    private partial void LogRemoved(int count);
}
