using NetVips;

namespace EduPro.Demo;

/// <summary>Draws a picture that no two courses share: one colour running into another, and circles on it.</summary>
internal static class Cover
{
    public static byte[] Draw(int seed, int width = 960, int height = 540)
    {
        var random = new Bogus.Randomizer(seed);
        double[] Colour() => [random.Int(20, 235), random.Int(20, 235), random.Int(20, 235)];
        var (from, to) = (Colour(), Colour());
        using var across = Image.Xyz(width, height)[0] * (1.0 / width);
        using var picture = (across * to + (1 - across) * from)
            .Cast(Enums.BandFormat.Uchar)
            .Copy(interpretation: Enums.Interpretation.Srgb)
            .Mutate(drawn =>
            {
                for (var i = 0; i < 7; i++)
                    drawn.DrawCircle(
                        Colour(),
                        random.Int(0, width),
                        random.Int(0, height),
                        random.Int(height / 20, height / 4),
                        fill: i % 2 == 0
                    );
            });
        return picture.JpegsaveBuffer(q: 85);
    }
}
