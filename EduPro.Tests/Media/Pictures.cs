using System.Buffers.Binary;
using System.IO.Hashing;
using NetVips;

namespace EduPro.Tests.Media;

/// <summary>Real pictures, made with the library that reads them, and a few that are made to hurt.</summary>
internal static class Pictures
{
    public static Image Plain(int width, int height, params double[] colour)
    {
        using var black = Image.Black(width, height, bands: 3);
        return (black + (colour is [] ? [200, 60, 20] : colour))
            .Cast(Enums.BandFormat.Uchar)
            .Copy(interpretation: Enums.Interpretation.Srgb);
    }

    /// <summary>Does not compress, so that a cut anywhere loses pixels.</summary>
    public static Image Noise(int width, int height)
    {
        using var noise = Image.Gaussnoise(width, height, sigma: 40, mean: 128, seed: 7).Cast(Enums.BandFormat.Uchar);
        return noise.Bandjoin(noise, noise).Copy(interpretation: Enums.Interpretation.Srgb);
    }

    /// <summary>Lies on its side (orientation 6), says where it was taken and by whom.</summary>
    public static byte[] JpegFromPhone(int width, int height)
    {
        using var image = Plain(width, height)
            .Mutate(mutable =>
            {
                mutable.Set(GValue.GIntType, "orientation", 6);
                mutable.Set(GValue.GStrType, "exif-ifd0-Artist", "Jane Doe");
                mutable.Set(GValue.GStrType, "exif-ifd3-GPSLatitude", "31/1 57/1 0/1");
                mutable.Set(GValue.GStrType, "exif-ifd3-GPSLatitudeRef", "N");
            });
        return image.JpegsaveBuffer();
    }

    public static byte[] AnimatedGif(int width, int height, int frames)
    {
        var images = Enumerable.Range(0, frames).Select(frame => Plain(width, height, 250, 40 * frame, 0)).ToArray();
        using var film = Image.Arrayjoin(images, across: 1);
        var gif = film.GifsaveBuffer(pageHeight: height);
        foreach (var image in images)
            image.Dispose();
        return gif;
    }

    /// <summary>A PNG of a few bytes whose header promises any size.</summary>
    public static byte[] PngHeader(int width, int height)
    {
        using var png = new MemoryStream();
        png.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (8, 2);
        WriteChunk(png, "IHDR"u8, header);
        WriteChunk(png, "IDAT"u8, [0x78, 0x9C, 0x03, 0x00, 0x00, 0x00, 0x00, 0x01]);
        WriteChunk(png, "IEND"u8, []);
        return png.ToArray();
    }

    private static void WriteChunk(MemoryStream png, ReadOnlySpan<byte> kind, ReadOnlySpan<byte> data)
    {
        byte[] chunk = [.. kind, .. data];
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        png.Write(number);
        png.Write(chunk);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc32.HashToUInt32(chunk));
        png.Write(number);
    }
}
