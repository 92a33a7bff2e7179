using System.Text;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace EduPro.Api.Http.Binding;

/// <summary>
/// Reads forms as Django does: a file input that was left empty, which browsers send as a file without a name, counts
/// as not sent. To ASP.NET's own reader it is an empty text, and that would take the stored file away.
/// </summary>
internal static class Forms
{
    /// <summary>The longest text of one field, in bytes, and what of a file is held in memory.</summary>
    public const int LongestText = 1 << 20;

    private const int InMemory = 1 << 16,
        MostParts = 1024,
        LongestBoundary = 70;

    /// <summary>What a reader says of input that breaks off; the disk's troubles have codes of their own.</summary>
    private const int BrokenOff = unchecked((int)0x80131620);

    public static bool IsMultipart(HttpRequest request) =>
        TypeOf(request) is { } type && type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase);

    /// <summary>The request's form, read once; files wait on disk until the response is sent.</summary>
    /// <exception cref="InvalidDataException">It is none, or breaks off.</exception>
    public static async Task<IFormCollection> Read(HttpRequest request, CancellationToken ct)
    {
        if (request.HttpContext.Features.Get<IFormFeature>()?.Form is { } read)
            return read;
        if (!IsMultipart(request))
            return await request.ReadFormAsync(new FormOptions { ValueLengthLimit = LongestText }, ct);
        try
        {
            return request.Form = await ReadParts(request, ct);
        }
        catch (IOException e) when (e is not BadHttpRequestException && e.HResult == BrokenOff)
        {
            throw new InvalidDataException("The form breaks off, or has too long a text.", e);
        }
    }

    private static async Task<FormCollection> ReadParts(HttpRequest request, CancellationToken ct)
    {
        var boundary = HeaderUtilities.RemoveQuotes(TypeOf(request)!.Boundary).ToString();
        if (boundary.Length is 0 or > LongestBoundary)
            throw new InvalidDataException("The form has no boundary, or too long a one.");
        var parts = new MultipartReader(boundary, request.Body);
        var texts = new KeyValueAccumulator();
        var files = new FormFileCollection();
        while (await parts.ReadNextSectionAsync(ct) is { } part)
        {
            if (!ContentDispositionHeaderValue.TryParse(part.ContentDisposition, out var disposition))
                throw new InvalidDataException("A part of the form has no name.");
            var name = HeaderUtilities.RemoveQuotes(disposition.Name).ToString();
            var fileName = FileNameOf(disposition);
            if (fileName is "")
                continue;
            if (texts.ValueCount + files.Count >= MostParts)
                throw new InvalidDataException("The form has too many parts.");
            var content = new FileBufferingReadStream(
                part.Body,
                InMemory,
                bufferLimit: fileName is null ? LongestText : null,
                Path.GetTempPath()
            );
            request.HttpContext.Response.RegisterForDisposeAsync(content);
            await content.DrainAsync(ct);
            content.Position = 0;
            if (fileName is null)
            {
                using var reader = new StreamReader(content, Encoding.UTF8, detectEncodingFromByteOrderMarks: false);
                texts.Append(name, await reader.ReadToEndAsync(ct));
            }
            else
                files.Add(
                    new FormFile(content, 0, content.Length, name, fileName)
                    {
                        Headers = new HeaderDictionary(part.Headers),
                    }
                );
        }
        return new FormCollection(texts.GetResults(), files);
    }

    /// <summary>The file's name, empty for a file that was not chosen; null for a text.</summary>
    private static string? FileNameOf(ContentDispositionHeaderValue disposition) =>
        disposition.FileNameStar is { Length: > 0 } encoded ? encoded.ToString()
        : disposition.Parameters.Any(p => p.Name.Equals("filename", StringComparison.OrdinalIgnoreCase))
            ? HeaderUtilities.RemoveQuotes(disposition.FileName).ToString()
        : null;

    private static MediaTypeHeaderValue? TypeOf(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type) ? type : null;
}
