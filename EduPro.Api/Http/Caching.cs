using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http.Headers;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace EduPro.Api.Http;

/// <summary>
/// What everybody gets alike may be kept by everybody, and is asked for again each time: an <c>ETag</c> of the bytes,
/// and 304 for a client that has them. So an edit shows at once, and the two dialects and host names never mix.
/// </summary>
/// <remarks>
/// <c>If-Modified-Since</c> alone is not answered with 304: a course's counters change without its <c>updated_at</c>.
/// </remarks>
internal static class Caching
{
    private const string Public = "public, no-cache",
        Private = "private, no-store";

    private const string CountHeader = "X-Pagination-Count";

    /// <summary>
    /// Marks a GET whose response does not depend on the caller, unless its handler says <see cref="KeepPrivate"/>.
    /// </summary>
    public static RouteHandlerBuilder CachedPublicly(this RouteHandlerBuilder endpoint) =>
        endpoint.WithMetadata(Marker.Instance);

    /// <summary>Whether an endpoint with this metadata is marked so.</summary>
    public static bool IsPublic(IEnumerable<object> endpoint) => endpoint.OfType<Marker>().Any();

    /// <summary>Keeps this response out of caches: it shows what not everybody may see.</summary>
    public static void KeepPrivate(this HttpResponse response) => response.Headers.CacheControl = Private;

    /// <summary>Says when what the response shows was last changed, to the second.</summary>
    public static void ChangedAt(this HttpResponse response, DateTimeOffset time) =>
        response.GetTypedHeaders().LastModified = time;

    /// <summary>Tags the responses of the marked endpoints, and leaves out bodies that the client has.</summary>
    public static void UsePublicCaching(this WebApplication app) =>
        app.Use(
            (context, next) =>
                context.GetEndpoint()?.Metadata.GetMetadata<Marker>() is null ? next(context) : Tag(context, next)
        );

    private static async Task Tag(HttpContext context, RequestDelegate next)
    {
        var response = context.Response;
        var stream = response.Body;
        using var body = new MemoryStream();
        response.Body = body;
        try
        {
            await next(context);
        }
        finally
        {
            response.Body = stream;
        }
        var headers = response.Headers;
        if (response.StatusCode == StatusCodes.Status200OK && StringValues.IsNullOrEmpty(headers.CacheControl))
        {
            var tag = TagOf(body, headers[CountHeader].ToString());
            headers.ETag = tag.ToString();
            headers.CacheControl = Public;
            if (context.Request.GetTypedHeaders().Has(tag))
            {
                response.StatusCode = StatusCodes.Status304NotModified;
                (response.ContentType, response.ContentLength) = (null, null);
                return;
            }
        }
        response.ContentLength = body.Length;
        body.Position = 0;
        await body.CopyToAsync(stream, context.RequestAborted);
    }

    /// <summary>Whether the client has what the tag stands for.</summary>
    public static bool Has(this RequestHeaders request, EntityTagHeaderValue tag) =>
        request.IfNoneMatch.Any(known =>
            known.Equals(EntityTagHeaderValue.Any) || known.Compare(tag, useStrongComparison: false)
        );

    private static EntityTagHeaderValue TagOf(MemoryStream body, string count)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(body.GetBuffer(), 0, (int)body.Length);
        hash.AppendData(Encoding.ASCII.GetBytes(count));
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        hash.GetHashAndReset(digest);
        return new EntityTagHeaderValue($"\"{Base64Url.EncodeToString(digest[..16])}\"");
    }

    private sealed class Marker
    {
        public static readonly Marker Instance = new();
    }
}
