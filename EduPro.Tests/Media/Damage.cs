using CsCheck;

namespace EduPro.Tests.Media;

internal static class Damage
{
    /// <summary>Copies of the samples with some bytes changed and some cut off, the same ones in every run.</summary>
    public static IEnumerable<byte[]> Of(byte[][] samples, int variants)
    {
        var random = new PCG(17);
        foreach (var sample in samples)
            for (var variant = 0; variant < variants; variant++)
            {
                var copy = sample.ToArray();
                for (var changes = 1 + variant % 8; changes > 0; changes--)
                    copy[random.Next((uint)copy.Length)] = (byte)random.Next(256);
                yield return variant % 5 == 0 ? copy[..(int)random.Next((uint)copy.Length)] : copy;
            }
    }
}
