using System.Buffers.Binary;
using System.Text;

namespace EduPro.Media;

/// <summary>Checks uploaded videos by their container: MP4, MOV and AVI. They are staged for the video host.</summary>
public static class VideoUploads
{
    private const string Folder = "videos";

    /// <summary>
    /// Checks an uploaded video, without reading more than its container's structure. Bad input is refused, never
    /// thrown.
    /// </summary>
    /// <param name="content">A seekable stream that has fully arrived. It is kept open, as the accepted file's content.</param>
    /// <param name="ct">Stops the check.</param>
    public static async Task<Upload<MediaFile>> CheckAsync(Stream content, CancellationToken ct)
    {
        if (content.Length > UploadLimits.VideoBytes)
            return Upload<MediaFile>.Refuse(UploadMessages.VideoTooLarge);

        var type = await IsAviAsync(content, ct) ? ("video/x-msvideo", "avi") : await IsoMedia.TypeOfAsync(content, ct);
        content.Position = 0;
        return type is var (contentType, extension)
            ? Upload<MediaFile>.Accept(new MediaFile(MediaContainer.Documents, Folder, content, contentType, extension))
            : Upload<MediaFile>.Refuse(UploadMessages.InvalidVideo);
    }

    /// <summary>RIFF of kind AVI, its first list being the header, and no shorter than it says.</summary>
    private static async Task<bool> IsAviAsync(Stream content, CancellationToken ct)
    {
        var head = await content.ReadAtAsync(0, 24, ct);
        return head.Length == 24
            && head.AsSpan().StartsWith("RIFF"u8)
            && head.AsSpan(8).StartsWith("AVI LIST"u8)
            && head.AsSpan(20).StartsWith("hdrl"u8)
            && BinaryPrimitives.ReadUInt32LittleEndian(head.AsSpan(4)) + 8L <= content.Length;
    }
}

/// <summary>ISO base media files and their ancestor QuickTime: a sequence of boxes, each with size and type.</summary>
internal static class IsoMedia
{
    private const int MaxBoxes = 50_000;
    private const int MaxBrandBytes = 256;

    private static readonly (string, string) Mp4 = ("video/mp4", "mp4");
    private static readonly (string, string) Mov = ("video/quicktime", "mov");

    private static readonly HashSet<string> Mp4Brands =
    [
        "isom",
        "iso2",
        "iso3",
        "iso4",
        "iso5",
        "iso6",
        "iso7",
        "iso8",
        "iso9",
        "mp41",
        "mp42",
        "mp71",
        "avc1",
        "hvc1",
        "dash",
        "MSNV",
        "mmp4",
        "M4V ",
        "M4VH",
        "M4VP",
        "f4v ",
        "F4V ",
        "XAVC",
    ];

    private static readonly HashSet<string> AudioBrands = ["M4A ", "M4B ", "M4P "];

    // Types with which a QuickTime file from before the ftyp box begins.
    private static readonly HashSet<string> QuickTimeStarts = ["moov", "mdat", "wide", "free", "skip", "pnot"];

    /// <summary>
    /// MP4 or MOV, or null: for other brands (pictures, audio), and when the boxes do not fill the file to its end or
    /// lack the <c>moov</c> box, as in a file that was cut off.
    /// </summary>
    public static async Task<(string ContentType, string Extension)?> TypeOfAsync(Stream content, CancellationToken ct)
    {
        (string, string)? type = null;
        var hasMovie = false;
        long position = 0;
        for (var boxes = 0; position < content.Length; boxes++)
        {
            if (boxes == MaxBoxes || await ReadBoxAsync(content, position, ct) is not var (kind, size))
                return null;
            if (boxes == 0)
            {
                type =
                    kind == "ftyp" ? await TypeByBrandAsync(content, size, ct)
                    : QuickTimeStarts.Contains(kind) ? Mov
                    : null;
                if (type is null)
                    return null;
            }
            hasMovie |= kind == "moov";
            position += size;
        }
        return hasMovie && position == content.Length ? type : null;
    }

    private static async Task<(string Kind, long Size)?> ReadBoxAsync(Stream content, long at, CancellationToken ct)
    {
        var header = await content.ReadAtAsync(at, 16, ct);
        if (header.Length < 8)
            return null;
        var kind = Encoding.Latin1.GetString(header, 4, 4);
        return BinaryPrimitives.ReadUInt32BigEndian(header) switch
        {
            0 => (kind, content.Length - at),
            1 when header.Length == 16 && BinaryPrimitives.ReadInt64BigEndian(header.AsSpan(8)) is >= 16 and var size =>
                size <= content.Length - at ? (kind, size) : null,
            >= 8 and var size => (kind, size),
            _ => null,
        };
    }

    private static async Task<(string, string)?> TypeByBrandAsync(Stream content, long boxSize, CancellationToken ct)
    {
        var brands = await content.ReadAtAsync(8, (int)Math.Min(boxSize - 8, MaxBrandBytes), ct);
        if (brands.Length < 8)
            return null;
        var major = Encoding.Latin1.GetString(brands, 0, 4);
        if (major == "qt  ")
            return Mov;
        if (AudioBrands.Contains(major))
            return null;
        // The minor version stands between the major brand and the compatible ones.
        return Mp4Brands.Contains(major) || Compatible(brands[8..]).Any(Mp4Brands.Contains) ? Mp4 : null;
    }

    private static IEnumerable<string> Compatible(byte[] brands) =>
        brands.Chunk(4).Select(brand => Encoding.Latin1.GetString(brand));
}
