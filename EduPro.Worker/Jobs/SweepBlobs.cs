using EduPro.Data;
using EduPro.Media;
using Microsoft.EntityFrameworkCore;

namespace EduPro.Worker.Jobs;

/// <summary>
/// Removes pictures and documents that no row names any more, or never did because the write failed. A file is stored
/// shortly before its row, so only files of some age go, and only if nobody stored them again meanwhile.
/// </summary>
internal sealed partial class SweepBlobs(EduProDb db, MediaStore store, ILogger<SweepBlobs> logger) : IJob
{
    /// <summary>Much longer than any request takes from storing its files to its commit.</summary>
    public static readonly TimeSpan Age = TimeSpan.FromMinutes(15);

    private const int AtOnce = 500;

    public async Task<int> Run(CancellationToken ct)
    {
        var removed = 0;
        foreach (var container in Enum.GetValues<MediaContainer>())
            removed += await Sweep(store.ListOlderThanAsync(container, Age, ct), ct);
        if (removed > 0)
            Removed(removed);
        return 0;
    }

    /// <summary>Removes those of the files that no row names, and returns how many that were.</summary>
    public async Task<int> Sweep(IAsyncEnumerable<StoredMediaItem> files, CancellationToken ct)
    {
        var removed = 0;
        // Staged videos are the video jobs'.
        await foreach (
            var some in files
                .Where(file => !file.Name.StartsWith("videos/", StringComparison.Ordinal))
                .Chunk(AtOnce)
                .WithCancellation(ct)
        )
        {
            string[] names = [.. some.Select(file => file.Name)];
            var named = await db.NamedBlobs().Where(name => names.Contains(name)).ToHashSetAsync(ct);
            foreach (var file in some.Where(file => !named.Contains(file.Name)))
                if (await store.DeleteUnchangedAsync(file, ct))
                    removed++;
        }
        return removed;
    }

    [LoggerMessage(LogLevel.Information, "Removed {Count} files that no row names")]
    private partial void Removed(int count);
}
