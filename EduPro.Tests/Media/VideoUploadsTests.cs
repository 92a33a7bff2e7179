using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using EduPro.Media;

namespace EduPro.Tests.Media;

public sealed class VideoUploadsTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>The smallest MP4 that is accepted, with that many random bytes inside.</summary>
    internal static byte[] Mp4(int bytes) =>
        [.. Ftyp("isom"), .. Box("mdat", RandomNumberGenerator.GetBytes(bytes)), .. Box("moov", new byte[100])];

    private static byte[] Movie => [.. Box("mdat", new byte[900]), .. Box("moov", new byte[100])];

    public static TheoryData<string, string, byte[]> Good =>
        new()
        {
            { "mp4", "video/mp4", [.. Ftyp("isom"), .. Movie] },
            { "mp4", "video/mp4", [.. Ftyp("mp42", "isom"), .. Movie] },
            { "mp4", "video/mp4", [.. Ftyp("CAEP", "isom"), .. Movie] },
            { "mp4", "video/mp4", [.. Ftyp("isom"), .. Box("moov", new byte[9]), .. LargeBox("mdat", new byte[99])] },
            // The last box may reach to the end of the file.
            { "mp4", "video/mp4", [.. Ftyp("isom"), .. Box("moov", new byte[9]), 0, 0, 0, 0, .. "mdat"u8, 1, 2, 3] },
            { "mov", "video/quicktime", [.. Ftyp("qt  "), .. Movie] },
            { "mov", "video/quicktime", [.. Box("wide", []), .. Movie] },
            { "avi", "video/x-msvideo", Avi(new byte[400]) },
        };

    [Theory]
    [MemberData(nameof(Good), DisableDiscoveryEnumeration = true)]
    public async Task Videos_are_known_by_their_container(string extension, string contentType, byte[] bytes)
    {
        using var content = new MemoryStream(bytes);

        var upload = await VideoUploads.CheckAsync(content, Ct);

        Assert.Null(upload.Refusal);
        Assert.Equal((extension, contentType), (upload.File!.Extension, upload.File.ContentType));
        Assert.Equal((MediaContainer.Documents, "videos"), (upload.File.Container, upload.File.Folder));
        Assert.Equal(0, content.Position);
    }

    [Fact]
    public async Task Other_files_are_refused()
    {
        await Refused([]);
        await Refused([.. Ftyp("isom")]);
        await Refused([.. Ftyp("heic", "mif1"), .. Movie]);
        await Refused([.. Ftyp("M4A ", "isom"), .. Movie]);
        await Refused([.. Box("html", new byte[40]), .. Movie]);
        await Refused([0, 0, 0, 4, .. "ftyp"u8, .. Movie]);
        await Refused([0, 0, 0, 1, .. "ftyp"u8, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, .. Movie]);
        await Refused([.. Ftyp("isom"), .. Movie, .. LargeBox("mdat", new byte[9])[..15]]);
        await Refused([.. "RIFF"u8, 0x10, 0, 0, 0, .. "WAVEfmt "u8, .. new byte[40]]);
        await Refused(Documents.Docx());
    }

    [Fact]
    public async Task Videos_that_were_cut_off_are_refused()
    {
        byte[][] samples =
        [
            [.. Ftyp("isom"), .. Movie],
            [.. Ftyp("isom"), .. Box("moov", new byte[100]), .. Box("mdat", new byte[900])],
            Avi(new byte[400]),
        ];
        foreach (var whole in samples)
            for (var length = 0; length < whole.Length; length += 50)
                await Refused(whole[..length]);
    }

    [Fact]
    public async Task A_file_of_nothing_but_boxes_is_given_up_on()
    {
        var boxes = Enumerable.Repeat(Box("free", []), 60_000).SelectMany(box => box);
        await Refused([.. Ftyp("isom"), .. Movie, .. boxes]);
    }

    [Fact]
    public async Task A_hundred_megabytes_are_the_limit()
    {
        using var content = new SparseStream(UploadLimits.VideoBytes);
        Assert.Equal(UploadMessages.InvalidVideo, (await VideoUploads.CheckAsync(content, Ct)).Refusal);

        using var larger = new SparseStream(UploadLimits.VideoBytes + 1);
        Assert.Equal(UploadMessages.VideoTooLarge, (await VideoUploads.CheckAsync(larger, Ct)).Refusal);
        Assert.Equal(0, larger.BytesRead);
    }

    [Fact]
    public async Task Of_a_large_video_only_the_structure_is_read()
    {
        var start = (byte[])[.. Ftyp("isom"), .. Box("moov", new byte[100])];
        var mdat = new byte[8];
        BinaryPrimitives.WriteInt32BigEndian(mdat, (int)UploadLimits.VideoBytes - start.Length);
        "mdat"u8.CopyTo(mdat.AsSpan(4));
        using var content = new SparseStream(UploadLimits.VideoBytes, [.. start, .. mdat]);

        Assert.True((await VideoUploads.CheckAsync(content, Ct)).IsAccepted);
        Assert.InRange(content.BytesRead, 1, 4096);
    }

    [Fact]
    public async Task Damaged_videos_are_taken_or_refused_but_never_throw()
    {
        byte[][] samples =
        [
            [.. Ftyp("isom", "mp42"), .. Movie],
            Avi(new byte[100]),
        ];
        foreach (var damaged in Damage.Of(samples, variants: 1000))
        {
            var upload = await VideoUploads.CheckAsync(new MemoryStream(damaged), Ct);
            Assert.True(upload.IsAccepted || upload.Refusal == UploadMessages.InvalidVideo);
        }
    }

    private static async Task Refused(byte[] bytes)
    {
        var upload = await VideoUploads.CheckAsync(new MemoryStream(bytes), Ct);
        Assert.Null(upload.File);
        Assert.Equal(UploadMessages.InvalidVideo, upload.Refusal);
    }

    private static byte[] Ftyp(string major, params string[] compatible) =>
        Box("ftyp", [.. Ascii(major), 0, 0, 2, 0, .. compatible.SelectMany(Ascii)]);

    private static byte[] Box(string kind, byte[] content)
    {
        var box = (byte[])[0, 0, 0, 0, .. Ascii(kind), .. content];
        BinaryPrimitives.WriteInt32BigEndian(box, box.Length);
        return box;
    }

    private static byte[] LargeBox(string kind, byte[] content)
    {
        var box = (byte[])[0, 0, 0, 1, .. Ascii(kind), .. new byte[8], .. content];
        BinaryPrimitives.WriteInt64BigEndian(box.AsSpan(8), box.Length);
        return box;
    }

    private static byte[] Avi(byte[] rest)
    {
        var avi = (byte[])[.. "RIFF"u8, 0, 0, 0, 0, .. "AVI LIST"u8, 0xC0, 0, 0, 0, .. "hdrlavih"u8, .. rest];
        BinaryPrimitives.WriteInt32LittleEndian(avi.AsSpan(4), avi.Length - 8);
        return avi;
    }

    private static byte[] Ascii(string text) => Encoding.ASCII.GetBytes(text);

    /// <summary>A long stream that begins with given bytes and goes on with zeros, and counts what is read of it.</summary>
    private sealed class SparseStream(long length, params byte[] start) : Stream
    {
        public long BytesRead { get; private set; }
        public override bool CanRead => true;
        public override bool CanSeek => true;
        public override bool CanWrite => false;
        public override long Length => length;
        public override long Position { get; set; }

        public override int Read(byte[] buffer, int offset, int count)
        {
            var read = (int)Math.Min(count, length - Position);
            for (var i = 0; i < read; i++)
                buffer[offset + i] = Position + i < start.Length ? start[Position + i] : (byte)0;
            Position += read;
            BytesRead += read;
            return read;
        }

        public override void Flush() { }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
