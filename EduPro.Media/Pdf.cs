using System.Buffers.Text;

namespace EduPro.Media;

internal static class Pdf
{
    private const int TailBytes = 1024;

    /// <summary>
    /// Whether it begins as a PDF and ends as one: <c>startxref</c>, an offset inside the file, <c>%%EOF</c>.
    /// </summary>
    public static async Task<bool> IsPdfAsync(Stream content, CancellationToken ct)
    {
        var head = await content.ReadAtAsync(0, 8, ct);
        if (head.Length < 8 || !IsVersion(head))
            return false;

        var tail = await content.ReadAtAsync(Math.Max(0, content.Length - TailBytes), TailBytes, ct);
        return EndsAsPdf(tail, content.Length);
    }

    private static bool IsVersion(ReadOnlySpan<byte> head) =>
        head.StartsWith("%PDF-"u8)
        && head[5] is (byte)'1' or (byte)'2'
        && head[6] is (byte)'.'
        && char.IsAsciiDigit((char)head[7]);

    private static bool EndsAsPdf(ReadOnlySpan<byte> tail, long length)
    {
        var keyword = tail.LastIndexOf("startxref"u8);
        if (keyword < 0)
            return false;

        var rest = tail[(keyword + "startxref"u8.Length)..].TrimStart(" \t\r\n"u8);
        return Utf8Parser.TryParse(rest, out long offset, out var digits)
            && offset > 0
            && offset < length
            && rest[digits..].TrimStart(" \t\r\n"u8).StartsWith("%%EOF"u8);
    }
}
