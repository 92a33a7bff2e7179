using System.Buffers.Binary;
using System.Diagnostics;
using System.IO.Compression;
using EduPro.Media;

namespace EduPro.Tests.Media;

public sealed class DocumentUploadsTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<string, string, byte[]> Good =>
        new()
        {
            { "pdf", "application/pdf", Documents.Pdf() },
            { "pdf", "application/pdf", Documents.Pdf("%%EOF") },
            { "doc", "application/msword", Documents.CompoundFile() },
            { "doc", "application/msword", Documents.CompoundFile(directorySectors: 5) },
            // Larger than what the header alone can map.
            { "doc", "application/msword", Documents.CompoundFile(directorySectors: 3, paddingSectors: 17_000) },
            { "docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", Documents.Docx() },
        };

    [Theory]
    [MemberData(nameof(Good), DisableDiscoveryEnumeration = true)]
    public async Task Documents_are_known_by_their_content(string extension, string contentType, byte[] bytes)
    {
        using var content = new MemoryStream(bytes);

        var upload = await DocumentUploads.CheckAsync(content, Ct);

        Assert.Null(upload.Refusal);
        Assert.Equal((extension, contentType), (upload.File!.Extension, upload.File.ContentType));
        Assert.Equal((MediaContainer.Documents, "documents"), (upload.File.Container, upload.File.Folder));
        Assert.Same(content, upload.File.Content);
        Assert.Equal(0, content.Position);
    }

    [Fact]
    public async Task Documents_that_were_cut_off_are_refused()
    {
        foreach (var whole in (byte[][])[Documents.Pdf(), Documents.Docx()])
        {
            for (var percent = 0; percent < 100; percent += 7)
                await Refused(whole[..(whole.Length * percent / 100)]);
            await Refused(whole[..^8]);
        }
        await Refused(Documents.CompoundFile()[..700]);
    }

    [Fact]
    public async Task Other_files_are_refused()
    {
        await Refused("<html>%PDF-1.4 startxref 9 %%EOF"u8.ToArray());
        await Refused(Documents.Pdf("no end"));
        await Refused("%PDF-1.4\nstartxref\n99999\n%%EOF"u8.ToArray());
        await Refused(Documents.CompoundFile("Workbook"));
        // What Word makes of a document with a password.
        await Refused(Documents.CompoundFile("EncryptedPackage"));
        await Refused(Documents.Zip(("word/document.xml", "<document/>")));
        await Refused(Documents.Zip(("[Content_Types].xml", Documents.ContentTypes(Documents.WordMain))));
        await Refused(
            Documents.Zip(
                ("[Content_Types].xml", Documents.ContentTypes(Documents.WordMain)),
                ("word/document.xml", "<html/>")
            )
        );
        await Refused(Documents.Docx("application/vnd.ms-word.document.macroEnabled.main+xml"));
        await Refused(Documents.Docx("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"));
    }

    [Fact]
    public async Task An_entity_bomb_is_refused()
    {
        await Refused(
            Documents.Zip(
                ("[Content_Types].xml", Documents.ContentTypes(Documents.WordMain)),
                (
                    "word/document.xml",
                    "<!DOCTYPE d [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><document>&b;</document>"
                )
            )
        );
    }

    [Fact]
    public async Task A_zip_bomb_is_refused_by_what_it_declares()
    {
        var bomb = Documents.Docx(change: zip => Documents.AddZeros(zip, "word/media/image1.png", megabytes: 300));
        Assert.InRange(bomb.Length, 0, 1024 * 1024);

        var clock = Stopwatch.StartNew();
        await Refused(bomb);
        Assert.InRange(clock.ElapsedMilliseconds, 0, 500);
    }

    [Theory]
    [InlineData(1_000)]
    [InlineData(64 * 1024)]
    [InlineData(99 * 1024 * 1024)]
    public async Task A_zip_bomb_that_lies_about_its_size_is_refused_by_what_it_is(int declared)
    {
        var bomb = Documents.Docx(change: zip => Documents.AddZeros(zip, "word/media/image1.png", megabytes: 300));
        var entry = bomb.AsSpan().LastIndexOf("PK\x01\x02"u8);
        Assert.Equal(300 * 1024 * 1024, BinaryPrimitives.ReadInt32LittleEndian(bomb.AsSpan(entry + 24)));
        BinaryPrimitives.WriteInt32LittleEndian(bomb.AsSpan(entry + 24), declared);

        var clock = Stopwatch.StartNew();
        await Refused(bomb);
        Assert.InRange(clock.ElapsedMilliseconds, 0, 500);
    }

    [Fact]
    public async Task Entries_that_share_their_bytes_count_each()
    {
        // The directory's last entry, 4 MB of zeros, fifty times over under different names.
        var bytes = Documents.Docx(change: zip => Documents.AddZeros(zip, "word/media/000.png", megabytes: 4));
        var end = bytes.AsSpan().LastIndexOf("PK\x05\x06"u8);
        var entry = bytes.AsSpan().LastIndexOf("PK\x01\x02"u8);
        var shared = bytes[entry..end];
        var name = shared.AsSpan().IndexOf("000"u8);
        var bomb = bytes[..end].ToList();
        for (var copy = 1; copy < 50; copy++)
        {
            System.Text.Encoding.ASCII.GetBytes($"{copy:D3}").CopyTo(shared, name);
            bomb.AddRange(shared);
        }
        var tail = bytes[end..];
        BinaryPrimitives.WriteUInt16LittleEndian(tail.AsSpan(8), 4 + 49);
        BinaryPrimitives.WriteUInt16LittleEndian(tail.AsSpan(10), 4 + 49);
        BinaryPrimitives.WriteUInt32LittleEndian(
            tail.AsSpan(12),
            BinaryPrimitives.ReadUInt32LittleEndian(tail.AsSpan(12)) + (uint)(49 * shared.Length)
        );
        bomb.AddRange(tail);
        using (var zip = new ZipArchive(new MemoryStream([.. bomb])))
            Assert.Equal(53, zip.Entries.Count);

        await Refused([.. bomb]);
    }

    [Fact]
    public async Task Too_many_entries_are_refused()
    {
        await Refused(
            Documents.Docx(change: zip =>
            {
                for (var entry = 0; entry < 2_000; entry++)
                    zip.CreateEntry($"word/{entry}.xml");
            })
        );
    }

    [Theory]
    [InlineData("../../etc/passwd")]
    [InlineData("/word/styles.xml")]
    [InlineData("word\\styles.xml")]
    [InlineData("word/DOCUMENT.xml")]
    public async Task Entries_that_leave_the_archive_or_come_twice_are_refused(string name) =>
        await Refused(Documents.Docx(change: zip => Documents.Add(zip, name, "<x/>")));

    [Fact]
    public async Task An_encrypted_entry_is_refused_whichever_header_says_so()
    {
        var inDirectory = Documents.Docx();
        inDirectory[inDirectory.AsSpan().LastIndexOf("PK\x01\x02"u8) + 8] |= 1;
        await Refused(inDirectory);

        var inPlace = Documents.Docx();
        inPlace[inPlace.AsSpan().LastIndexOf("PK\x03\x04"u8) + 6] |= 1;
        await Refused(inPlace);

        var inBoth = Documents.Docx();
        inBoth[inBoth.AsSpan().LastIndexOf("PK\x01\x02"u8) + 8] |= 1;
        inBoth[inBoth.AsSpan().LastIndexOf("PK\x03\x04"u8) + 6] |= 1;
        await Refused(inBoth);
    }

    [Fact]
    public async Task An_entry_with_two_names_is_refused()
    {
        var bytes = Documents.Docx();
        bytes[bytes.AsSpan().LastIndexOf("PK\x03\x04"u8) + 30] = (byte)'x';

        await Refused(bytes);
    }

    [Fact]
    public async Task Ten_megabytes_are_the_limit()
    {
        using var content = new MemoryStream();
        content.SetLength(UploadLimits.DocumentBytes);
        Assert.Equal(UploadMessages.InvalidDocument, (await DocumentUploads.CheckAsync(content, Ct)).Refusal);

        content.SetLength(UploadLimits.DocumentBytes + 1);
        Assert.Equal(UploadMessages.DocumentTooLarge, (await DocumentUploads.CheckAsync(content, Ct)).Refusal);
    }

    [Fact]
    public async Task Damaged_documents_are_taken_or_refused_but_never_throw()
    {
        byte[][] samples = [Documents.Pdf(), Documents.CompoundFile(directorySectors: 3), Documents.Docx()];
        var refused = 0;
        foreach (var damaged in Damage.Of(samples, variants: 1000))
        {
            var upload = await DocumentUploads.CheckAsync(new MemoryStream(damaged), Ct);
            Assert.True(upload.IsAccepted || upload.Refusal == UploadMessages.InvalidDocument);
            refused += upload.IsAccepted ? 0 : 1;
        }
        Assert.True(refused > 0);
    }

    private static async Task Refused(byte[] bytes)
    {
        var upload = await DocumentUploads.CheckAsync(new MemoryStream(bytes), Ct);
        Assert.Null(upload.File);
        Assert.Equal(UploadMessages.InvalidDocument, upload.Refusal);
    }
}
