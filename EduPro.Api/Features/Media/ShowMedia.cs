using EduPro.Api.Http;
using EduPro.Media;
using Microsoft.Net.Http.Headers;

namespace EduPro.Api.Features.Media;

/// <summary>
/// Streams a picture by its name, whole or a range of it. Names are made of the content's hash: what has one never
/// changes, and what is not such a name reaches no storage.
/// </summary>
internal static class ShowMedia
{
    public static async Task<IResult> Handle(
        string? name,
        HttpRequest request,
        HttpResponse response,
        MediaStore store,
        CancellationToken ct
    )
    {
        if (name is null || MediaStore.ETagOf(name) is not { } etag)
            return Problems.RouteNotFound;
        var tag = EntityTagHeaderValue.Parse(etag);
        if (request.GetTypedHeaders().Has(tag))
        {
            MarkImmutable(response, tag);
            return TypedResults.StatusCode(StatusCodes.Status304NotModified);
        }
        if (await store.OpenAsync(MediaContainer.Images, name, ct) is not { } file)
            return Problems.RouteNotFound;
        MarkImmutable(response, tag);
        return TypedResults.Stream(
            file.Content,
            file.ContentType,
            lastModified: file.LastModified,
            entityTag: tag,
            enableRangeProcessing: true
        );
    }

    private static void MarkImmutable(HttpResponse response, EntityTagHeaderValue tag)
    {
        response.Headers.CacheControl = "public, max-age=31536000, immutable";
        response.Headers.ETag = tag.ToString();
    }
}
