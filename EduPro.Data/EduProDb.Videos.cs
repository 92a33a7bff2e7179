using EduPro.Domain.Accounts;
using EduPro.Domain.Catalogue;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace EduPro.Data;

public partial class EduProDb
{
    public DbSet<VideoClaim> VideoClaims => Set<VideoClaim>();
    public DbSet<VideoDeletion> VideoDeletions => Set<VideoDeletion>();

    private sealed class VideoClaimMapping : IEntityTypeConfiguration<VideoClaim>
    {
        public void Configure(EntityTypeBuilder<VideoClaim> claim)
        {
            claim.HasKey(c => c.VideoId);
            claim.Property(c => c.VideoId).HasMaxLength(100);
            claim.HasIndex(c => c.CreatedAt);
            claim.HasOne<Teacher>().WithMany().HasForeignKey(c => c.TeacherId);
        }
    }

    private sealed class VideoDeletionMapping : IEntityTypeConfiguration<VideoDeletion>
    {
        public void Configure(EntityTypeBuilder<VideoDeletion> deletion)
        {
            deletion.HasKey(d => d.VideoId);
            deletion.Property(d => d.VideoId).HasMaxLength(100);
            deletion.HasIndex(d => d.NextAttemptAt);
        }
    }
}

/// <summary>What keeps a video and the lessons that show it together.</summary>
public static class Videos
{
    /// <summary>
    /// Locks the ids until the transaction ends, so that taking a video and giving it up do not cross. Comes after the
    /// course's lock.
    /// </summary>
    public static async Task LockVideos(this EduProDb db, IEnumerable<string> ids, CancellationToken ct)
    {
        foreach (var id in ids.Distinct().Order(StringComparer.Ordinal))
            await db.Database.ExecuteSqlAsync(
                $"SELECT pg_advisory_xact_lock(hashtextextended({"video " + id}, 0))",
                ct
            );
    }

    /// <summary>
    /// Has the worker delete the videos that only <paramref name="leaving"/> lessons have. Belongs in the transaction
    /// that takes the videos from those lessons, before it does.
    /// </summary>
    public static async Task DeleteVideosOf(
        this EduProDb db,
        IReadOnlyCollection<(Guid Lesson, string VideoId)> leaving,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        if (leaving.Count == 0)
            return;
        string[] ids = [.. leaving.Select(one => one.VideoId).Distinct()];
        Guid[] lessons = [.. leaving.Select(one => one.Lesson)];
        await db.LockVideos(ids, ct);
        await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO video_deletions (video_id, created_at, next_attempt_at, attempts)
            SELECT gone.id, {now}, {now}, 0 FROM unnest({ids}) AS gone (id)
            WHERE NOT EXISTS (SELECT 1 FROM lessons l WHERE l.video_id = gone.id AND NOT l.id = ANY ({lessons}))
            ON CONFLICT DO NOTHING
            """,
            ct
        );
    }
}
