using System.Security.Cryptography;
using System.Text;
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
    RateLimits limits,
    IHttpContextAccessor http
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
        var taken = limits.Take(http.HttpContext!, limits.Options.Playback, "playback", $"{caller.Id} {lesson.Id}");
        if (await taken is { } refusal)
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
