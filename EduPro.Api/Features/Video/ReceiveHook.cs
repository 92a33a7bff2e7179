using EduPro.Api.Http;
using EduPro.Data;
using EduPro.Domain;
using EduPro.Media.VdoCipher;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace EduPro.Api.Features.Video;

/// <summary>
/// Takes a signed <c>video:ready</c> for a hint to ask VdoCipher now: it changes no status, so that a hook that comes
/// again does no harm.
/// </summary>
internal static partial class ReceiveHook
{
    public sealed record Response(bool Received);

    public static async Task<IResult> Handle(
        HttpRequest request,
        EduProDb db,
        IOptions<VdoCipherOptions> options,
        TimeProvider clock,
        ILogger<LessonVideo> logger,
        CancellationToken ct
    )
    {
        var body = new byte[VdoCipherHook.MaxBody + 1];
        var length = await request.Body.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, ct);
        var now = clock.GetUtcNow();
        var videoId = VdoCipherHook.ReadyVideo(
            body.AsSpan(0, length),
            request.Headers[VdoCipherHook.TimestampHeader],
            request.Headers[VdoCipherHook.SignatureHeader],
            options.Value.HookSecret,
            now
        );
        if (videoId is null)
            return Problems.AuthenticationRequired;
        // A poll that is under way may bring an older answer: without its lease it cannot write that back.
        var lessons = await db
            .Lessons.Where(l => l.VideoId == videoId && l.StagedVideo == null && l.VideoPollAt != null)
            .ExecuteUpdateAsync(
                l => l.SetProperty(x => x.VideoPollAt, now).SetProperty(x => x.VideoLease, (Guid?)null),
                ct
            );
        LogHook(logger, videoId, lessons);
        return TypedResults.Ok(new Response(true));
    }

    [LoggerMessage(LogLevel.Information, "Hook: video {VideoId} is said to be ready; {Lessons} lessons wait for it")]
    private static partial void LogHook(ILogger logger, string videoId, int lessons);
}
