using Microsoft.Extensions.Logging;
using NetVips;

namespace EduPro.Media;

/// <summary>
/// Turns uploaded pictures into safe ones: JPG, PNG or GIF by content, decoded whole, turned upright, converted to
/// sRGB, bounded, stripped of metadata, and encoded as WebP. Whatever else was hidden in the file is gone with it.
/// </summary>
/// <remarks>
/// WebP because one lossy format then holds photographs and transparent logos alike, at about two thirds of a JPEG's
/// size, and every current browser shows it. Of an animated GIF the first frame stays: thumbnails, avatars and logos
/// are stills, and the cost of a file is then bounded by its canvas.
/// </remarks>
public sealed partial class ImageUploads : IDisposable
{
    private const long LargePixels = 10_000_000;

    private const string GifLoader = "VipsForeignLoadNsgifBuffer";

    private static readonly string[] Loaders = ["VipsForeignLoadJpegBuffer", "VipsForeignLoadPngBuffer", GifLoader];

    // Without the option string libvips would fill up what is missing of a truncated file: the thumbnail operation
    // does not pass its own failOn on to the loader.
    private const string FailOnTruncated = "[fail_on=truncated]";

    // At most two decodes at a time, one thread each, and of large images (some take 6 bytes a pixel) only one.
    private readonly SemaphoreSlim _decodes = new(2);
    private readonly SemaphoreSlim _largeDecodes = new(1);
    private readonly ILogger<ImageUploads> _logger;
    private readonly Log.LogDelegate _log;
    private readonly uint _logHandler;

    /// <summary>Prepares libvips, once for the process.</summary>
    public ImageUploads(ILogger<ImageUploads> logger)
    {
        _logger = logger;
        // What libvips has to say about users' files belongs neither on stderr nor above debug.
        _log = (_, _, message) => LogVips(message);
        _logHandler = Log.SetLogHandler("VIPS", Enums.LogLevelFlags.All, _log);

        NetVips.NetVips.Concurrency = 1;
        Cache.Max = 0;
        Cache.MaxMem = 0;
        Cache.MaxFiles = 0;
        Operation.Block("VipsForeignLoad", true);
        foreach (var loader in (string[])["Jpeg", "Png", "Nsgif", "Webp"])
            Operation.Block($"VipsForeignLoad{loader}", false);
    }

    /// <summary>Checks an uploaded picture and encodes it anew. Bad input is refused, never thrown.</summary>
    /// <param name="content">A seekable stream that has fully arrived; up to 5 MiB of it are held in memory.</param>
    /// <param name="kind">What the picture is for.</param>
    /// <param name="ct">Ends the wait for a free decoder.</param>
    public async Task<Upload<ImageFile>> ReadAsync(Stream content, ImageKind kind, CancellationToken ct)
    {
        if (content.Length > UploadLimits.ImageBytes)
            return Upload<ImageFile>.Refuse(UploadMessages.ImageTooLarge);

        using var decode = await EnterAsync(_decodes, ct);
        var bytes = new byte[content.Length];
        content.Position = 0;
        await content.ReadExactlyAsync(bytes, ct);

        if (PixelsOf(bytes) is not { } pixels || pixels > UploadLimits.ImagePixels)
            return Upload<ImageFile>.Refuse(UploadMessages.InvalidImage);

        using var large = pixels > LargePixels ? await EnterAsync(_largeDecodes, ct) : null;
        return await Task.Run(() => Encode(bytes, kind), ct) is { } file
            ? Upload<ImageFile>.Accept(file)
            : Upload<ImageFile>.Refuse(UploadMessages.InvalidImage);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Log.RemoveLogHandler("VIPS", _logHandler);
        _decodes.Dispose();
        _largeDecodes.Dispose();
    }

    /// <summary>Width times height as the header has it, or null for what is no whole JPG, PNG or GIF.</summary>
    private static long? PixelsOf(byte[] bytes)
    {
        try
        {
            var loader = Image.FindLoadBuffer(bytes);
            if (!Loaders.Contains(loader) || (loader == GifLoader && !Gif.ReachesTrailer(bytes)))
                return null;
            using var header = Image.NewFromBuffer(bytes, access: Enums.Access.Sequential);
            return (long)header.Width * header.Height;
        }
        catch (VipsException)
        {
            return null;
        }
    }

    private static ImageFile? Encode(byte[] bytes, ImageKind kind)
    {
        try
        {
            using var image = Image.ThumbnailBuffer(
                bytes,
                kind.Bound,
                FailOnTruncated,
                height: kind.Bound,
                size: Enums.Size.Down,
                outputProfile: "srgb"
            );
            var webp = image.WebpsaveBuffer(q: 80, smartSubsample: true, keep: Enums.ForeignKeep.None);
            return new ImageFile(kind, new MemoryStream(webp, writable: false), image.Width, image.Height);
        }
        catch (VipsException)
        {
            return null;
        }
    }

    private static async Task<IDisposable> EnterAsync(SemaphoreSlim semaphore, CancellationToken ct)
    {
        await semaphore.WaitAsync(ct);
        return new Releaser(semaphore);
    }

    private sealed class Releaser(SemaphoreSlim semaphore) : IDisposable
    {
        public void Dispose() => semaphore.Release();
    }

    [LoggerMessage(LogLevel.Debug, "libvips: {Message}")]
    private partial void LogVips(string message);
}
