using System.Diagnostics;
using System.Text;
using EduPro.Media;
using Microsoft.Extensions.Logging.Abstractions;
using NetVips;

namespace EduPro.Tests.Media;

public sealed class ImageUploadsTests
{
    private static readonly ImageUploads Uploads = new(NullLogger<ImageUploads>.Instance);
    private static readonly byte[] Html = Encoding.ASCII.GetBytes("<html><script>alert(1)</script></html>");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_photo_from_a_phone_is_turned_upright_and_loses_its_metadata()
    {
        var photo = Pictures.JpegFromPhone(1600, 1200);
        using (var before = Image.NewFromBuffer(photo))
            Assert.Contains("exif-ifd3-GPSLatitude", before.GetFields());

        var file = await Accepted(photo, ImageKind.Thumbnail);

        Assert.Equal(("image/webp", "webp", 768, 1024), (file.ContentType, file.Extension, file.Width, file.Height));
        using var after = Read(file);
        Assert.Equal(("webpload_buffer", 768, 1024), (after.Get("vips-loader"), after.Width, after.Height));
        Assert.DoesNotContain(after.GetFields(), field => field.StartsWith("exif", StringComparison.Ordinal));
        Assert.DoesNotContain(after.GetFields(), field => field is "orientation" or "xmp-data" or "icc-profile-data");
        Assert.True(Bytes(file).AsSpan().IndexOf("Jane Doe"u8) < 0);
    }

    [Theory]
    [InlineData("avatars", 512, 256)]
    [InlineData("logos", 512, 256)]
    [InlineData("thumbnails", 1024, 512)]
    public async Task Each_kind_has_its_bound(string folder, int width, int height)
    {
        var kind = ((ImageKind[])[ImageKind.Avatar, ImageKind.Logo, ImageKind.Thumbnail]).Single(k =>
            k.Folder == folder
        );
        using var image = Pictures.Plain(3000, 1500);

        var file = await Accepted(image.PngsaveBuffer(), kind);

        Assert.Equal((folder, width, height), (file.Folder, file.Width, file.Height));
    }

    [Fact]
    public async Task A_small_picture_is_not_enlarged_and_keeps_its_transparency()
    {
        using var image = Pictures.Plain(40, 30).Bandjoin(0);

        var file = await Accepted(image.PngsaveBuffer(), ImageKind.Logo);

        using var after = Read(file);
        Assert.Equal((40, 30, true), (after.Width, after.Height, after.HasAlpha()));
    }

    [Fact]
    public async Task Of_an_animated_gif_the_first_frame_stays()
    {
        var gif = Pictures.AnimatedGif(120, 80, frames: 5);
        using (var before = Image.NewFromBuffer(gif))
            Assert.Equal(5, before.Get("n-pages"));

        var file = await Accepted(gif, ImageKind.Thumbnail);

        using var after = Read(file);
        Assert.Equal((120, 80), (after.Width, after.Height));
        Assert.DoesNotContain("n-pages", after.GetFields());
        Assert.InRange(after[0].Avg(), 240, 255);
        Assert.InRange(after[1].Avg(), 0, 15);
    }

    [Theory]
    [InlineData(50_000, 50_000)]
    [InlineData(8_001, 5_000)]
    public async Task A_picture_over_40_megapixels_is_refused_by_its_header(int width, int height)
    {
        var bomb = Pictures.PngHeader(width, height);
        await Refused(bomb, UploadMessages.InvalidImage);

        var clock = Stopwatch.StartNew();
        await Refused(bomb, UploadMessages.InvalidImage);
        Assert.InRange(clock.ElapsedMilliseconds, 0, 500);
    }

    [Fact]
    public async Task A_picture_of_exactly_40_megapixels_is_taken()
    {
        using var image = Pictures.Plain(8_000, 5_000);
        var file = await Accepted(image.JpegsaveBuffer(), ImageKind.Thumbnail);
        Assert.Equal((1024, 640), (file.Width, file.Height));
    }

    [Fact]
    public async Task Five_megabytes_are_taken_and_a_byte_more_is_not()
    {
        using var image = Pictures.Plain(100, 100);
        var padded = new byte[UploadLimits.ImageBytes];
        image.JpegsaveBuffer().CopyTo(padded, 0);

        await Accepted(padded, ImageKind.Avatar);
        await Refused([.. padded, 0], UploadMessages.ImageTooLarge);
    }

    [Theory]
    [InlineData("jpg")]
    [InlineData("progressive jpg")]
    [InlineData("png")]
    [InlineData("gif")]
    public async Task A_file_that_was_cut_off_is_refused_wherever_it_was_cut(string format)
    {
        using var image = Pictures.Noise(300, 200);
        var whole = format switch
        {
            "jpg" => image.JpegsaveBuffer(),
            "progressive jpg" => image.JpegsaveBuffer(interlace: true),
            "png" => image.PngsaveBuffer(),
            _ => image.GifsaveBuffer(),
        };
        await Accepted(whole, ImageKind.Avatar);

        for (var percent = 0; percent < 100; percent += 3)
            await Refused(whole[..(whole.Length * percent / 100)], UploadMessages.InvalidImage);
        await Refused(whole[..^20], UploadMessages.InvalidImage);
    }

    [Fact]
    public async Task An_animated_gif_that_was_cut_off_after_its_first_frame_is_refused()
    {
        using var noise = Pictures.Noise(120, 400);
        var gif = noise.GifsaveBuffer(pageHeight: 80);
        await Accepted(gif, ImageKind.Avatar);

        await Refused(gif[..(gif.Length / 2)], UploadMessages.InvalidImage);
    }

    [Fact]
    public async Task What_hides_behind_a_picture_is_gone()
    {
        using var image = Pictures.Plain(64, 64);
        byte[][] polyglots =
        [
            [.. image.PngsaveBuffer(), .. Html],
            [.. image.JpegsaveBuffer(), .. Html],
            [.. image.GifsaveBuffer(), .. Html],
            // A zip at the end makes it an archive as well.
            [.. image.PngsaveBuffer(), .. Documents.Docx()],
        ];
        foreach (var polyglot in polyglots)
        {
            var bytes = Bytes(await Accepted(polyglot, ImageKind.Avatar));
            Assert.True(bytes.AsSpan().IndexOf("<script>"u8) < 0);
            Assert.True(bytes.AsSpan().IndexOf("PK\x05\x06"u8) < 0);
        }
    }

    [Fact]
    public async Task What_only_begins_like_a_picture_is_refused()
    {
        byte[][] pretenders =
        [
            [],
            [.. "GIF89a"u8, .. Html],
            [0xFF, 0xD8, 0xFF, 0xE0, .. Html],
            [0x89, .. "PNG\r\n\x1A\n"u8, .. Html],
            Html,
            Encoding.ASCII.GetBytes("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"/>"),
            Documents.Pdf(),
        ];
        foreach (var pretender in pretenders)
            await Refused(pretender, UploadMessages.InvalidImage);
    }

    [Fact]
    public async Task Other_image_formats_are_refused()
    {
        using var image = Pictures.Plain(64, 64);
        foreach (var suffix in (string[])[".webp", ".tiff"])
            await Refused(image.WriteToBuffer(suffix), UploadMessages.InvalidImage);
    }

    [Fact]
    public async Task Damaged_pictures_are_taken_or_refused_but_never_throw()
    {
        using var image = Pictures.Noise(60, 40);
        byte[][] samples = [image.JpegsaveBuffer(), image.PngsaveBuffer(), Pictures.AnimatedGif(30, 20, 3)];
        var refused = 0;
        foreach (var damaged in Damage.Of(samples, variants: 100))
        {
            var upload = await Uploads.ReadAsync(new MemoryStream(damaged), ImageKind.Avatar, Ct);
            Assert.True(upload.IsAccepted || upload.Refusal == UploadMessages.InvalidImage);
            refused += upload.IsAccepted ? 0 : 1;
        }
        Assert.True(refused > 0);
    }

    [Fact]
    public async Task A_dozen_at_once_all_come_through()
    {
        using var image = Pictures.Noise(4_000, 3_000);
        var jpeg = image.JpegsaveBuffer(q: 40);

        var files = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => Accepted(jpeg, ImageKind.Avatar)));

        Assert.All(files, file => Assert.Equal((512, 384), (file.Width, file.Height)));
    }

    private static async Task<ImageFile> Accepted(byte[] bytes, ImageKind kind)
    {
        var upload = await Uploads.ReadAsync(new MemoryStream(bytes), kind, Ct);
        Assert.Null(upload.Refusal);
        return upload.File!;
    }

    private static async Task Refused(byte[] bytes, string message)
    {
        var upload = await Uploads.ReadAsync(new MemoryStream(bytes), ImageKind.Thumbnail, Ct);
        Assert.Null(upload.File);
        Assert.Equal(message, upload.Refusal);
    }

    private static byte[] Bytes(ImageFile file) => ((MemoryStream)file.Content).ToArray();

    private static Image Read(ImageFile file) => Image.NewFromBuffer(Bytes(file));
}
