using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Threading.RateLimiting;
using EduPro.Api.Http;
using EduPro.Data;
using EduPro.Domain;
using EduPro.Domain.Catalogue;
using EduPro.Media.VdoCipher;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace EduPro.Api.Features.Video;

/// <summary>What a caller with access needs to play a lesson's video, made anew each time and kept nowhere.</summary>
internal sealed class Playback(
    EduProDb db,
    VdoCipherClient vdocipher,
    IOptions<VdoCipherOptions> options,
    PlaybackLimit limit
)
{
    /// <summary>
    /// Credentials that play the lesson's video once, marked with the caller's name and session; null while the video
    /// is not ready or VdoCipher does not give any. The refusal when the caller asks too often.
    /// </summary>
    public async Task<(VideoOtp? Otp, IResult? Refusal)> Start(Lesson lesson, CurrentUser caller, CancellationToken ct)
    {
        if (lesson is not { VideoId: { } video, VideoStatus: VideoStatus.Ready })
            return default;
        if (limit.Refuses(caller.Id, lesson.Id) is { } refusal)
            return (null, refusal);
        var name = await db
            .Users.Where(u => u.Id == caller.Id)
            .Select(u => u.FirstName + " " + u.LastName)
            .FirstOrDefaultAsync(ct);
        var otp = await vdocipher.CreateOtpAsync(video, name ?? "", SessionMark(caller.SessionId), ct);
        return (otp.Value, null);
    }

    /// <summary>Tells which session a recording was made in, and to nobody but us.</summary>
    private string SessionMark(Guid session) =>
        Convert.ToHexStringLower(
            HMACSHA256.HashData(
                Encoding.UTF8.GetBytes("session mark " + options.Value.ApiSecret),
                session.ToByteArray()
            )
        )[..10];
}

/// <summary>How often a user may start playing one lesson: ten times a minute, counted by each replica.</summary>
internal sealed class PlaybackLimit : IDisposable
{
    private readonly PartitionedRateLimiter<(Guid User, Guid Lesson)> limiter = PartitionedRateLimiter.Create<
        (Guid, Guid),
        (Guid, Guid)
    >(key =>
        RateLimitPartition.GetSlidingWindowLimiter(
            key,
            _ => new SlidingWindowRateLimiterOptions
            {
                PermitLimit = 10,
                Window = TimeSpan.FromMinutes(1),
                SegmentsPerWindow = 6,
            }
        )
    );

    public Problem? Refuses(Guid user, Guid lesson)
    {
        using var lease = limiter.AttemptAcquire((user, lesson));
        if (lease.IsAcquired)
            return null;
        var seconds = lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after.TotalSeconds : 10;
        return Problems.RateLimited((int)Math.Ceiling(seconds));
    }

    public void Dispose() => limiter.Dispose();
}
