namespace EduPro.Media;

internal static class Gif
{
    private const int HeaderBytes = 13;
    private const byte Extension = 0x21;
    private const byte Frame = 0x2C;
    private const byte Trailer = 0x3B;

    /// <summary>
    /// Whether its blocks lead to the trailer. libvips plays the frames that are there and does not mention that the
    /// file broke off, once it has one.
    /// </summary>
    public static bool ReachesTrailer(ReadOnlySpan<byte> gif)
    {
        if (gif.Length < HeaderBytes)
            return false;
        var at = HeaderBytes + ColoursBytes(gif[10]);
        while (at < gif.Length)
        {
            switch (gif[at])
            {
                case Trailer:
                    return true;
                case Extension:
                    at += 2;
                    break;
                case Frame when at + 9 < gif.Length:
                    at += 11 + ColoursBytes(gif[at + 9]);
                    break;
                default:
                    return false;
            }
            // Then come sub-blocks, each with its length, up to an empty one.
            while (at < gif.Length && gif[at] != 0)
                at += 1 + gif[at];
            at++;
        }
        return false;
    }

    private static int ColoursBytes(byte flags) => (flags & 0x80) == 0 ? 0 : 3 << ((flags & 0x07) + 1);
}
