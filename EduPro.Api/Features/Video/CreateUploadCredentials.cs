using EduPro.Api.Http;
using EduPro.Api.Http.Binding;
using EduPro.Media.VdoCipher;

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

    public static async Task<IResult> Handle(Body<Request> body, VdoCipherClient vdocipher, CancellationToken ct)
    {
        if (await body.Read(ct) is { } problem)
            return problem;
        var upload = await vdocipher.CreateUploadAsync(body.Value.Title, ct);
        return upload.Succeeded
            ? TypedResults.Ok(new Response(upload.Value.UploadLink, upload.Value.Fields, upload.Value.VideoId))
            : Problems.ServiceUnavailable(RetryAfter);
    }
}
