using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using System.Xml;

namespace EduPro.Media;

internal static class Docx
{
    private const string MainPart = "word/document.xml";
    private const string MainType = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml";

    private const int MaxEntries = 2_000;
    private const int MaxDirectoryBytes = 512 * 1024;
    private const long MaxExpandedBytes = 100L * 1024 * 1024;

    private const int EndRecordBytes = 22;
    private const int MaxCommentBytes = ushort.MaxValue;

    /// <summary>
    /// Whether it is a zip within our limits (entries, declared and actual expansion, nothing encrypted or doubled)
    /// that holds a Word document without macros.
    /// </summary>
    public static async Task<bool> IsDocxAsync(Stream content, CancellationToken ct)
    {
        if (!(await content.ReadAtAsync(0, 4, ct)).AsSpan().SequenceEqual("PK\x03\x04"u8))
            return false;
        if (!await HasModestDirectoryAsync(content, ct))
            return false;

        try
        {
            content.Position = 0;
            await using var zip = await ZipArchive.CreateAsync(content, ZipArchiveMode.Read, true, null, ct);
            return HasPlainEntries(zip) && await ExpandsAsDeclaredAsync(zip, ct) && await IsWordAsync(zip);
        }
        catch (Exception e) when (e is InvalidDataException or XmlException or EndOfStreamException)
        {
            return false;
        }
    }

    /// <summary>
    /// Looks at the end record before <see cref="ZipArchive"/> does, because that makes an object of each entry that
    /// a 10 MB directory could name. A file this small needs no Zip64.
    /// </summary>
    private static async Task<bool> HasModestDirectoryAsync(Stream content, CancellationToken ct)
    {
        var start = Math.Max(0, content.Length - EndRecordBytes - MaxCommentBytes);
        var tail = await content.ReadAtAsync(start, EndRecordBytes + MaxCommentBytes, ct);
        var at = tail.AsSpan().LastIndexOf("PK\x05\x06"u8);
        if (at < 0 || tail.Length - at < EndRecordBytes)
            return false;

        var comment = BinaryPrimitives.ReadUInt16LittleEndian(tail.AsSpan(at + 20));
        var entries = BinaryPrimitives.ReadUInt16LittleEndian(tail.AsSpan(at + 10));
        var directory = BinaryPrimitives.ReadUInt32LittleEndian(tail.AsSpan(at + 16));
        return tail.Length - at - EndRecordBytes == comment
            && entries <= MaxEntries
            && start + at - directory is > 0 and <= MaxDirectoryBytes;
    }

    private static bool HasPlainEntries(ZipArchive zip)
    {
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        return zip.Entries.Sum(entry => (decimal)entry.Length) <= MaxExpandedBytes
            && zip.Entries.All(entry =>
                !entry.IsEncrypted
                && names.Add(entry.FullName)
                && !entry.FullName.StartsWith('/')
                && !entry.FullName.Contains('\\', StringComparison.Ordinal)
                && !entry.FullName.Split('/').Contains("..")
            );
    }

    private static async Task<bool> ExpandsAsDeclaredAsync(ZipArchive zip, CancellationToken ct)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
        try
        {
            foreach (var entry in zip.Entries)
            {
                await using var expanded = await entry.OpenAsync(ct);
                var left = entry.Length;
                for (int read; (read = await expanded.ReadAsync(buffer, ct)) > 0; )
                    if ((left -= read) < 0)
                        return false;
                if (left > 0)
                    return false;
            }
            return true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static async Task<bool> IsWordAsync(ZipArchive zip)
    {
        if (zip.GetEntry("[Content_Types].xml") is not { } types || zip.GetEntry(MainPart) is not { } main)
            return false;

        using var typesXml = await ReadXmlAsync(types);
        while (typesXml.ReadToFollowing("Override"))
            if (typesXml.GetAttribute("PartName") == $"/{MainPart}" && typesXml.GetAttribute("ContentType") == MainType)
                return await IsDocumentAsync(main);
        return false;
    }

    private static async Task<bool> IsDocumentAsync(ZipArchiveEntry main)
    {
        using var xml = await ReadXmlAsync(main);
        return xml.MoveToContent() == XmlNodeType.Element && xml.LocalName == "document";
    }

    private static async Task<XmlReader> ReadXmlAsync(ZipArchiveEntry entry) =>
        XmlReader.Create(
            await entry.OpenAsync(),
            new XmlReaderSettings
            {
                DtdProcessing = DtdProcessing.Prohibit,
                XmlResolver = null,
                CloseInput = true,
            }
        );
}
