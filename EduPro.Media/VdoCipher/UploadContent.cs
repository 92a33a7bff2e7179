using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;

namespace EduPro.Media.VdoCipher;

/// <summary>
/// A file as the last part of a form: sent as it is read, with its length announced (S3 takes no chunked forms).
/// <paramref name="sent"/> hears how many bytes have gone out so far.
/// </summary>
internal sealed class UploadContent(Stream file, long length, Action<long> sent) : HttpContent
{
    private const int BufferSize = 128 * 1024;

    /// <summary>The form in the documented order: credentials, what to answer, the file last.</summary>
    public static MultipartFormDataContent Form(VideoUpload upload, UploadContent file)
    {
        var boundary = "----edupro" + RandomNumberGenerator.GetHexString(32);
        var form = new MultipartFormDataContent(boundary);
        // S3 does not unquote the boundary that .NET quotes.
        form.Headers.ContentType = MediaTypeHeaderValue.Parse($"multipart/form-data; boundary={boundary}");
        foreach (var (name, value) in upload.Fields)
            AddField(form, name, value);
        AddField(form, "success_action_status", "201");
        AddField(form, "success_action_redirect", "");
        file.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        file.Headers.ContentDisposition = new ContentDispositionHeaderValue("form-data")
        {
            Name = "\"file\"",
            FileName = "\"video\"",
        };
        form.Add(file);
        return form;
    }

    private static void AddField(MultipartFormDataContent form, string name, string value)
    {
        var field = new StringContent(value);
        field.Headers.ContentType = null;
        field.Headers.ContentDisposition = new ContentDispositionHeaderValue("form-data") { Name = $"\"{name}\"" };
        form.Add(field);
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(
        Stream stream,
        TransportContext? context,
        CancellationToken cancellationToken
    )
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            var total = 0L;
            int read;
            while ((read = await file.ReadAsync(buffer, cancellationToken)) > 0)
            {
                if (total + read > length)
                    throw new InvalidDataException("The file is longer than announced.");
                await stream.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
                sent(total += read);
            }
            if (total < length)
                throw new InvalidDataException("The file is shorter than announced.");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    protected override bool TryComputeLength(out long announced)
    {
        announced = length;
        return true;
    }
}
