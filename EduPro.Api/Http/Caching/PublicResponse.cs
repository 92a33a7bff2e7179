using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Extensions.Primitives;
using Microsoft.IO;
using Microsoft.Net.Http.Headers;

namespace EduPro.Api.Http;

/// <summary>What an endpoint answered, whole, so that it can be tagged, kept, and sent to several.</summary>
internal sealed class PublicResponse
{
    private const string CountHeader = "X-Pagination-Count";

    private static readonly RecyclableMemoryStreamManager Bodies = new(
        new RecyclableMemoryStreamManager.Options { BlockSize = 16 * 1024, MaximumSmallPoolFreeBytes = 1024 * 1024 }
    );

    private readonly long madeAt = Stopwatch.GetTimestamp();
    private readonly int status;
    private readonly KeyValuePair<string, StringValues>[] headers;
    private readonly EntityTagHeaderValue? tag;
    private readonly Endpoint? endpoint;

    private PublicResponse(HttpResponse response, byte[] body)
    {
        (status, Body, endpoint) = (response.StatusCode, body, response.HttpContext.GetEndpoint());
        if (status == StatusCodes.Status200OK && StringValues.IsNullOrEmpty(response.Headers.CacheControl))
        {
            tag = TagOf(body, response.Headers[CountHeader].ToString());
            (response.Headers.ETag, response.Headers.CacheControl) = (tag.ToString(), Caching.Public);
        }
        headers = [.. response.Headers];
    }

    public byte[] Body { get; }

    /// <summary>Whether others may have it.</summary>
    public bool IsShareable => tag is not null && headers.All(header => header.Key != HeaderNames.SetCookie);

    /// <summary>Lets the rest of the pipeline answer, and holds it back.</summary>
    public static async Task<PublicResponse> Make(HttpContext context, RequestDelegate next)
    {
        var response = context.Response;
        var stream = response.Body;
        using var body = Bodies.GetStream();
        response.Body = body;
        try
        {
            await next(context);
        }
        finally
        {
            response.Body = stream;
        }
        return new PublicResponse(response, body.GetReadOnlySequence().ToArray());
    }

    /// <summary>Answers a request that this was made for.</summary>
    public Task Send(HttpContext context) => Send(context, age: null);

    /// <summary>Answers another request; says how old it is, in seconds. Telemetry knows the route by the endpoint.</summary>
    public Task SendAgain(HttpContext context)
    {
        context.SetEndpoint(endpoint);
        var age = (int)Stopwatch.GetElapsedTime(madeAt).TotalSeconds;
        return Send(context, age.ToString(CultureInfo.InvariantCulture));
    }

    private Task Send(HttpContext context, string? age)
    {
        var response = context.Response;
        response.StatusCode = status;
        foreach (var (name, value) in headers)
            response.Headers[name] = value;
        response.Headers.Age = age;
        if (tag is not null && IsKnown(context.Request))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            response.ContentType = null;
            return Task.CompletedTask;
        }
        response.ContentLength = Body.Length;
        // To a client that has left, the server writes into nothing.
        return response.Body.WriteAsync(Body, CancellationToken.None).AsTask();
    }

    private bool IsKnown(HttpRequest request) =>
        request.Headers.IfNoneMatch is { Count: > 0 } known
        && (known.ToString() is "*" || known.ToString() == tag!.ToString() || request.GetTypedHeaders().Has(tag));

    private static EntityTagHeaderValue TagOf(byte[] body, string count)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(body, digest);
        return new EntityTagHeaderValue($"\"{Base64Url.EncodeToString(digest[..16])}{count}\"");
    }
}
