namespace EduPro.Media;

internal static class StreamReading
{
    /// <summary>Up to <paramref name="count"/> bytes from a position; fewer, or none, where the stream ends before.</summary>
    public static async Task<byte[]> ReadAtAsync(this Stream stream, long position, int count, CancellationToken ct)
    {
        if (position >= stream.Length)
            return [];
        stream.Position = position;
        var bytes = new byte[Math.Min(count, stream.Length - position)];
        var read = await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, ct);
        return bytes[..read];
    }
}
