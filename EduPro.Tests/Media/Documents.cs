using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace EduPro.Tests.Media;

/// <summary>The smallest documents that Word and a PDF reader would open, and some that they should not.</summary>
internal static class Documents
{
    public const string WordMain = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml";

    private const string Relationships = """
        <?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>
        """;

    private const string Document = """
        <?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>Lesson one</w:t></w:r></w:p></w:body></w:document>
        """;

    public static byte[] Docx(string mainType = WordMain, Action<ZipArchive>? change = null)
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            Add(zip, "[Content_Types].xml", ContentTypes(mainType));
            Add(zip, "_rels/.rels", Relationships);
            Add(zip, "word/document.xml", Document);
            change?.Invoke(zip);
        }
        return bytes.ToArray();
    }

    public static byte[] Zip(params (string Name, string Text)[] entries)
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
            foreach (var (name, text) in entries)
                Add(zip, name, text);
        return bytes.ToArray();
    }

    public static void Add(ZipArchive zip, string name, string text)
    {
        using var entry = zip.CreateEntry(name).Open();
        entry.Write(Encoding.UTF8.GetBytes(text));
    }

    public static void AddZeros(ZipArchive zip, string name, int megabytes)
    {
        using var entry = zip.CreateEntry(name).Open();
        var zeros = new byte[1024 * 1024];
        for (var written = 0; written < megabytes; written++)
            entry.Write(zeros);
    }

    public static string ContentTypes(string mainType) =>
        $"""
            <?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="{mainType}"/></Types>
            """;

    public static byte[] Pdf(string end = "%%EOF\n")
    {
        const string Body =
            "%PDF-1.4\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n2 0 obj\n<</Type/Pages/Kids[]/Count 0>>\nendobj\n";
        var xref = $"xref\n0 3\n0000000000 65535 f \n{9:D10} 00000 n \n{54:D10} 00000 n \n";
        return Encoding.ASCII.GetBytes($"{Body}{xref}trailer\n<</Size 3/Root 1 0 R>>\nstartxref\n{Body.Length}\n{end}");
    }

    /// <summary>
    /// A compound file: header, allocation table, directory, and one stream. The directory may be given a length in
    /// sectors, then the stream's entry is in its last one.
    /// </summary>
    public static byte[] CompoundFile(string stream = "WordDocument", int directorySectors = 1, int paddingSectors = 0)
    {
        const int Sector = 512;
        const int StreamSectors = 8;
        // Behind the header: padding, directory, stream, table, and the sector that names further tables' sectors.
        var sectors = paddingSectors + directorySectors + StreamSectors;
        var tables = 1;
        while (tables * 128 < sectors + tables + 1)
            tables++;
        var firstTable = sectors;
        var moreTables = sectors + tables;
        var file = new byte[(1 + moreTables + 1) * Sector];

        void U16(int at, ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(at), value);
        void U32(int at, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(at), value);
        void Link(int sector, uint next) => U32((1 + firstTable) * Sector + sector * 4, next);

        ((byte[])[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]).CopyTo(file, 0);
        U16(0x18, 0x3E);
        U16(0x1A, 3);
        U16(0x1C, 0xFFFE);
        U16(0x1E, 9);
        U16(0x20, 6);
        U32(0x2C, (uint)tables);
        U32(0x30, (uint)paddingSectors);
        U32(0x38, 4096);
        U32(0x3C, 0xFFFFFFFE);
        U32(0x44, tables > 109 ? (uint)moreTables : 0xFFFFFFFE);
        U32(0x48, tables > 109 ? 1u : 0);
        for (var table = 0; table < 109; table++)
            U32(0x4C + table * 4, table < tables ? (uint)(firstTable + table) : 0xFFFFFFFF);
        for (var table = 109; table < tables; table++)
            U32((1 + moreTables) * Sector + (table - 109) * 4, (uint)(firstTable + table));

        for (var sector = 0; sector < directorySectors; sector++)
            Link(
                paddingSectors + sector,
                sector + 1 < directorySectors ? (uint)(paddingSectors + sector + 1) : 0xFFFFFFFE
            );
        var firstOfStream = paddingSectors + directorySectors;
        for (var sector = 0; sector < StreamSectors; sector++)
            Link(firstOfStream + sector, sector + 1 < StreamSectors ? (uint)(firstOfStream + sector + 1) : 0xFFFFFFFE);

        void Entry(int at, string name, byte kind, uint start, uint length)
        {
            Encoding.Unicode.GetBytes(name).CopyTo(file, at);
            U16(at + 0x40, (ushort)(name.Length * 2 + 2));
            file[at + 0x42] = kind;
            U32(at + 0x44, 0xFFFFFFFF);
            U32(at + 0x48, 0xFFFFFFFF);
            U32(at + 0x4C, kind == 5 ? 1 : 0xFFFFFFFF);
            U32(at + 0x74, start);
            U32(at + 0x78, length);
        }
        Entry((1 + paddingSectors) * Sector, "Root Entry", 5, 0xFFFFFFFE, 0);
        Entry(
            (1 + paddingSectors + directorySectors - 1) * Sector + 128,
            stream,
            2,
            (uint)firstOfStream,
            StreamSectors * Sector
        );
        return file;
    }
}
