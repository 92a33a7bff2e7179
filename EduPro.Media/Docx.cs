using System.Xml;

namespace EduPro.Media;

internal static class Docx
{
    private const string TypesPart = "[Content_Types].xml";
    private const string MainPart = "word/document.xml";
    private const string MainType = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml";
    private const long MaxExpandedBytes = 100L * 1024 * 1024;

    /// <summary>
    /// Whether it is a zip that expands to at most 100 MB, by what it declares and by what it does, and holds a Word
    /// document without macros.
    /// </summary>
    public static async Task<bool> IsDocxAsync(Stream content, CancellationToken ct)
    {
        var head = await content.ReadAtAsync(0, 4, ct);
        if (
            !head.AsSpan().SequenceEqual("PK\x03\x04"u8) || await ZipDirectory.ReadAsync(content, ct) is not { } entries
        )
            return false;
        if (entries.Sum(entry => entry.Bytes) > MaxExpandedBytes || !HasPlainNames(entries))
            return false;
        if (Find(entries, TypesPart) is not { } types || Find(entries, MainPart) is not { } main)
            return false;

        try
        {
            foreach (var entry in entries)
                if (!await ZipDirectory.ExpandsAsDeclaredAsync(content, entry, ct))
                    return false;
            return await NamesMainPartAsync(content, types, ct) && await IsDocumentAsync(content, main, ct);
        }
        catch (Exception e) when (e is InvalidDataException or XmlException)
        {
            return false;
        }
    }

    private static bool HasPlainNames(IReadOnlyList<ZipFileEntry> entries) =>
        entries.DistinctBy(entry => entry.Name, StringComparer.OrdinalIgnoreCase).Count() == entries.Count
        && entries.All(entry =>
            !entry.Name.StartsWith('/')
            && !entry.Name.Contains('\\', StringComparison.Ordinal)
            && !entry.Name.Split('/').Contains("..")
        );

    private static ZipFileEntry? Find(IReadOnlyList<ZipFileEntry> entries, string name) =>
        entries.FirstOrDefault(entry => entry.Name == name);

    private static async Task<bool> NamesMainPartAsync(Stream zip, ZipFileEntry types, CancellationToken ct)
    {
        using var xml = await OpenXmlAsync(zip, types, ct);
        while (xml.ReadToFollowing("Override"))
            if (xml.GetAttribute("PartName") == $"/{MainPart}" && xml.GetAttribute("ContentType") == MainType)
                return true;
        return false;
    }

    private static async Task<bool> IsDocumentAsync(Stream zip, ZipFileEntry main, CancellationToken ct)
    {
        using var xml = await OpenXmlAsync(zip, main, ct);
        return xml.MoveToContent() == XmlNodeType.Element && xml.LocalName == "document";
    }

    private static async Task<XmlReader> OpenXmlAsync(Stream zip, ZipFileEntry entry, CancellationToken ct) =>
        XmlReader.Create(
            await ZipDirectory.OpenAsync(zip, entry, ct),
            new XmlReaderSettings
            {
                DtdProcessing = DtdProcessing.Prohibit,
                XmlResolver = null,
                CloseInput = true,
            }
        );
}
