using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace EduPro.VdoCipherEmulator;

/// <summary>
/// The form that S3 takes at the upload link: the ticket's fields and the two <c>success_action</c> fields, each once,
/// then the file, then nothing. The file is hashed and dropped as it comes in.
/// </summary>
internal static class UploadForm
{
    private const int MaxFieldBytes = 8 * 1024;
    private const long MaxFileBytes = 5L * 1024 * 1024 * 1024;

    public static async Task<IResult> Handle(HttpContext context, Videos videos, HookSender hooks, TimeProvider time)
    {
        var request = context.Request;
        context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpMaxRequestBodySizeFeature>()!.MaxRequestBodySize =
            MaxFileBytes;
        if (request.ContentLength is null)
            return Error(411, "MissingContentLength", "You must provide the Content-Length HTTP header.");
        if (
            !MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            || !type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
            // S3 takes the boundary as it stands, quotes and all.
            || type.Boundary.Value is not { Length: > 0 } boundary
            || boundary[0] == '"'
        )
            return Error(412, "PreconditionFailed", "Bucket POST must be of the enclosure-type multipart/form-data.");

        var reader = new MultipartReader(boundary, request.Body);
        var fields = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        try
        {
            while (await reader.ReadNextSectionAsync(context.RequestAborted) is { } section)
            {
                var disposition = section.GetContentDispositionHeader();
                var name = disposition is null ? "" : HeaderUtilities.RemoveQuotes(disposition.Name).Value ?? "";
                if (name == "file")
                {
                    if (Refusal(fields, videos, time, out var video) is { } refusal)
                    {
                        await request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
                        return refusal;
                    }
                    var (bytes, hash) = await Hash(section.Body, context.RequestAborted);
                    if (await reader.ReadNextSectionAsync(context.RequestAborted) is not null)
                        return Error(400, "InvalidArgument", "The file must be the last field of the form.");
                    video.File = new UploadedFile(bytes, Convert.ToHexStringLower(hash), time.GetUtcNow());
                    hooks.Announce(video);
                    return Posted(request, fields["key"], hash);
                }
                using var text = new StreamReader(section.Body, Encoding.UTF8);
                var value = await text.ReadToEndAsync(context.RequestAborted);
                if (value.Length > MaxFieldBytes || !fields.TryAdd(name, value))
                    return Error(400, "InvalidArgument", "A field is too long or given twice.");
            }
        }
        catch (InvalidDataException)
        {
            return Error(400, "MalformedPOSTRequest", "The body of your POST request is not well-formed.");
        }
        catch (IOException) when (!context.RequestAborted.IsCancellationRequested)
        {
            return Error(400, "IncompleteBody", "The form ended before its last boundary.");
        }
        return Error(400, "InvalidArgument", "POST requires exactly one file upload per request.");
    }

    private static IResult? Refusal(
        Dictionary<string, string> fields,
        Videos videos,
        TimeProvider time,
        out Video video
    )
    {
        video = videos.FindByKey(fields.GetValueOrDefault("key"))!;
        if (video is null)
            return Error(403, "AccessDenied", "No upload was prepared under this key.");
        if (video.Ticket.Expires < time.GetUtcNow())
            return Error(403, "AccessDenied", "Invalid according to Policy: Policy expired.");
        foreach (var (name, value) in video.Ticket.Fields)
            if (fields.GetValueOrDefault(name) != value)
                return Error(403, "AccessDenied", $"Invalid according to Policy: {name}.");
        if (fields.GetValueOrDefault("success_action_status") != "201")
            return Error(400, "InvalidArgument", "success_action_status must be 201.");
        if (fields.GetValueOrDefault("success_action_redirect") != "")
            return Error(400, "InvalidArgument", "success_action_redirect must be there and empty.");
        return null;
    }

    private static async Task<(long Bytes, byte[] Hash)> Hash(Stream file, CancellationToken ct)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[64 * 1024];
        var bytes = 0L;
        int read;
        while ((read = await file.ReadAsync(buffer, ct)) > 0)
        {
            hash.AppendData(buffer, 0, read);
            bytes += read;
        }
        return (bytes, hash.GetHashAndReset());
    }

    private static IResult Posted(HttpRequest request, string key, byte[] hash) =>
        Results.Text(
            $"<?xml version=\"1.0\" encoding=\"UTF-8\"?><PostResponse><Location>{request.Scheme}://{request.Host}/upload/{key}"
                + $"</Location><Bucket>emulator</Bucket><Key>{key}</Key><ETag>\"{Convert.ToHexStringLower(hash)}\"</ETag></PostResponse>",
            "application/xml",
            statusCode: 201
        );

    private static IResult Error(int status, string code, string message) =>
        Results.Text(
            $"<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>{code}</Code><Message>{message}</Message></Error>",
            "application/xml",
            statusCode: status
        );
}
