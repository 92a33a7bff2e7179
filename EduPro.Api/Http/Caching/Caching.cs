using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http.Headers;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace EduPro.Api.Http;

/// <summary>
/// What everybody gets alike may be kept by everybody, and is asked for again each time: an <c>ETag</c> of the bytes,
/// and 304 for a client that has them. The two dialects and host names never mix.
/// </summary>
/// <remarks>
/// <c>If-Modified-Since</c> alone is not answered with 304: a course's counters change without its <c>updated_at</c>.
/// </remarks>
internal static class Caching
{
    /// <summary>For all, who ask again each time.</summary>
    internal const string Public = "public, no-cache";

    private const string Private = "private, no-store",
        CountHeader = "X-Pagination-Count";

    /// <summary>
    /// Marks a GET whose response does not depend on the caller, unless its handler says <see cref="KeepPrivate"/>.
    /// </summary>
    public static RouteHandlerBuilder CachedPublicly(this RouteHandlerBuilder endpoint) =>
        endpoint.WithMetadata(Marker.Instance).CacheOutput(SharedResponses.Name);

    /// <summary>
    /// Marks requests that change, but nothing that a stranger sees: other changes make this replica forget what it
    /// keeps for strangers.
    /// </summary>
    public static TBuilder ChangesNothingPublic<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new NothingPublic());

    /// <summary>Whether an endpoint with this metadata is marked so.</summary>
    public static bool IsPublic(IEnumerable<object> endpoint) => endpoint.OfType<Marker>().Any();

    /// <summary>Keeps this response out of caches: it shows what not everybody may see.</summary>
    public static void KeepPrivate(this HttpResponse response) => response.Headers.CacheControl = Private;

    /// <summary>Says when what the response shows was last changed, to the second.</summary>
    public static void ChangedAt(this HttpResponse response, DateTimeOffset time) =>
        response.GetTypedHeaders().LastModified = time;

    public static void AddPublicCaching(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<SharedResponses>();
        builder.Services.AddOutputCache();
        builder
            .Services.AddOptions<OutputCacheOptions>()
            .Configure<SharedResponses>(
                (cache, shared) =>
                {
                    cache.SizeLimit = 8 * 1024 * 1024;
                    cache.UseCaseSensitivePaths = true;
                    cache.AddPolicy(SharedResponses.Name, shared);
                }
            );
    }

    /// <summary>
    /// Tags the responses of the marked endpoints, keeps those that strangers get for a moment, and leaves out bodies
    /// that the client has.
    /// </summary>
    public static void UsePublicCaching(this WebApplication app)
    {
        var shared = app.Services.GetRequiredService<SharedResponses>();
        app.Use(
            (context, next) =>
            {
                if (!IsSafe(context.Request.Method) && !Has<NothingPublic>(context))
                    context.Response.OnStarting(() => Forget(context));
                return next(context);
            }
        );
        app.UseWhen(Has<Marker>, marked => marked.Use(LeaveOutKnownBodies));
        app.UseOutputCache();
        app.UseWhen(Has<Marker>, marked => marked.Use(Tag));

        Task Forget(HttpContext context)
        {
            if (context.Response.StatusCode < StatusCodes.Status400BadRequest)
                shared.Forget();
            return Task.CompletedTask;
        }
    }

    private static bool IsSafe(string method) =>
        HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method);

    private static bool Has<TMark>(HttpContext context)
        where TMark : class => context.GetEndpoint()?.Metadata.GetMetadata<TMark>() is not null;

    private static async Task LeaveOutKnownBodies(HttpContext context, RequestDelegate next)
    {
        context.Request.Headers.IfModifiedSince = default;
        if (context.Request.Headers.IfNoneMatch.Count == 0)
        {
            await next(context);
            return;
        }
        using var body = await Buffer(context, next);
        var response = context.Response;
        if (
            response.StatusCode == StatusCodes.Status200OK
            && response.GetTypedHeaders().ETag is { } tag
            && context.Request.GetTypedHeaders().Has(tag)
        )
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            (response.ContentType, response.ContentLength) = (null, null);
            return;
        }
        await body.CopyToAsync(response.Body, context.RequestAborted);
    }

    private static async Task Tag(HttpContext context, RequestDelegate next)
    {
        using var body = await Buffer(context, next);
        var response = context.Response;
        var headers = response.Headers;
        if (response.StatusCode == StatusCodes.Status200OK && StringValues.IsNullOrEmpty(headers.CacheControl))
        {
            headers.ETag = TagOf(body, headers[CountHeader].ToString()).ToString();
            headers.CacheControl = Public;
        }
        response.ContentLength = body.Length;
        await body.CopyToAsync(response.Body, context.RequestAborted);
    }

    private static async Task<MemoryStream> Buffer(HttpContext context, RequestDelegate next)
    {
        var stream = context.Response.Body;
        var body = new MemoryStream();
        context.Response.Body = body;
        try
        {
            await next(context);
        }
        finally
        {
            context.Response.Body = stream;
        }
        body.Position = 0;
        return body;
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

    private sealed class NothingPublic;
}
