using EduPro.Api.Http;
using EduPro.Api.Http.Binding;
using EduPro.Data;
using EduPro.Media.VdoCipher;
using Microsoft.EntityFrameworkCore;

namespace EduPro.Api.Features.Video;

internal static class CreateUploadCredentials
{
    private const int RetryAfter = 30;

    public sealed class Request
    {
        [MaxLength(200)]
        public string Title { get; init; } = "Untitled";
    }

    /// <summary>The fields of <paramref name="UploadCredentials"/> go into the form before the file, in their order.</summary>
    public sealed record Response(Uri UploadUrl, IReadOnlyDictionary<string, string> UploadCredentials, string VideoId);

    public static async Task<IResult> Handle(
        Body<Request> body,
        CurrentUser teacher,
        EduProDb db,
        VdoCipherClient vdocipher,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        if (await body.Read(ct) is { } problem)
            return problem;
        var upload = await vdocipher.CreateUploadAsync(body.Value.Title, ct);
        if (!upload.Succeeded)
            return Problems.ServiceUnavailable(RetryAfter);
        var (id, now) = (upload.Value.VideoId, clock.GetUtcNow());
        var claimed = await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO video_claims (video_id, teacher_id, created_at) VALUES ({id}, {teacher.Id}, {now})
            ON CONFLICT DO NOTHING
            """,
            ct
        );
        // An id that was given out before is no new video, whatever VdoCipher says.
        return claimed == 1
            ? TypedResults.Ok(new Response(upload.Value.UploadLink, upload.Value.Fields, id))
            : Problems.ServiceUnavailable(RetryAfter);
    }
}
