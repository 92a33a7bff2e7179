using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace EduPro.Media;

/// <summary>One file in a zip: stored or deflated, and not encrypted.</summary>
internal sealed record ZipFileEntry(string Name, long CompressedBytes, long Bytes, bool IsDeflated, long DataOffset);

/// <summary>
/// Reads the directory of an untrusted zip. <see cref="ZipArchive"/> makes an object of each entry before it can be
/// asked how many there are, and ends each entry where its declared size ends, so that what a file really expands to
/// cannot be seen through it.
/// </summary>
internal static class ZipDirectory
{
    private const int MaxEntries = 2_000;
    private const int MaxDirectoryBytes = 512 * 1024;

    private const int EndRecordBytes = 22;
    private const int EntryBytes = 46;
    private const int LocalHeaderBytes = 30;
    private const int EncryptionFlags = 0x2041;
    private const int Stored = 0;
    private const int Deflated = 8;

    /// <summary>
    /// The entries, or null if the zip is damaged, uses Zip64, encryption or rare compression, or has more than 2,000
    /// entries.
    /// </summary>
    public static async Task<IReadOnlyList<ZipFileEntry>?> ReadAsync(Stream zip, CancellationToken ct)
    {
        var tailStart = Math.Max(0, zip.Length - EndRecordBytes - ushort.MaxValue);
        var tail = await zip.ReadAtAsync(tailStart, EndRecordBytes + ushort.MaxValue, ct);
        var end = tail.AsSpan().LastIndexOf("PK\x05\x06"u8);
        if (end < 0 || tail.Length - end < EndRecordBytes)
            return null;

        var count = U16(tail, end + 10);
        var start = U32(tail, end + 16);
        var length = tailStart + end - start;
        if (tail.Length - end - EndRecordBytes != U16(tail, end + 20) || count > MaxEntries)
            return null;
        if (length is < 0 or > MaxDirectoryBytes)
            return null;

        var directory = await zip.ReadAtAsync(start, (int)length, ct);
        var entries = new List<ZipFileEntry>(count);
        var at = 0;
        for (var i = 0; i < count; i++)
        {
            if (await ReadEntryAsync(zip, directory, at, ct) is not { } entry)
                return null;
            entries.Add(entry);
            at += EntryBytes + U16(directory, at + 28) + U16(directory, at + 30) + U16(directory, at + 32);
        }
        return at == directory.Length ? entries : null;
    }

    /// <summary>Whether an entry expands to the size that it declares, no byte more or less.</summary>
    /// <exception cref="InvalidDataException">Its compressed data are damaged.</exception>
    public static async Task<bool> ExpandsAsDeclaredAsync(Stream zip, ZipFileEntry entry, CancellationToken ct)
    {
        if (!entry.IsDeflated)
            return entry.CompressedBytes == entry.Bytes;

        var buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
        try
        {
            await using var expanded = await OpenAsync(zip, entry, ct);
            var left = entry.Bytes;
            int read;
            while (left >= 0 && (read = await expanded.ReadAsync(buffer, ct)) > 0)
                left -= read;
            return left == 0;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>An entry's content. Of deflated ones the end is where the data say, not where the entry does.</summary>
    public static async Task<Stream> OpenAsync(Stream zip, ZipFileEntry entry, CancellationToken ct)
    {
        if (!entry.IsDeflated)
            return new MemoryStream(await zip.ReadAtAsync(entry.DataOffset, (int)entry.CompressedBytes, ct));
        zip.Position = entry.DataOffset;
        return new DeflateStream(zip, CompressionMode.Decompress, leaveOpen: true);
    }

    private static async Task<ZipFileEntry?> ReadEntryAsync(Stream zip, byte[] directory, int at, CancellationToken ct)
    {
        if (at + EntryBytes > directory.Length || !directory.AsSpan(at).StartsWith("PK\x01\x02"u8))
            return null;
        var (flags, method, nameBytes) = (U16(directory, at + 8), U16(directory, at + 10), U16(directory, at + 28));
        if ((flags & EncryptionFlags) != 0 || method is not (Stored or Deflated))
            return null;
        if (at + EntryBytes + nameBytes > directory.Length)
            return null;
        var name = directory.AsMemory(at + EntryBytes, nameBytes);

        // Readers differ in which of the two headers they believe, so they have to agree.
        var offset = U32(directory, at + 42);
        var local = await zip.ReadAtAsync(offset, LocalHeaderBytes + nameBytes, ct);
        if (local.Length < LocalHeaderBytes + nameBytes || !local.AsSpan().StartsWith("PK\x03\x04"u8))
            return null;
        if ((U16(local, 6) & EncryptionFlags) != 0 || U16(local, 8) != method || U16(local, 26) != nameBytes)
            return null;
        if (!local.AsSpan(LocalHeaderBytes).SequenceEqual(name.Span))
            return null;

        var data = offset + (long)local.Length + U16(local, 28);
        var compressed = U32(directory, at + 20);
        return data + compressed <= zip.Length
            ? new(Encoding.UTF8.GetString(name.Span), compressed, U32(directory, at + 24), method == Deflated, data)
            : null;
    }

    private static int U16(byte[] bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(at));

    private static long U32(byte[] bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at));
}
