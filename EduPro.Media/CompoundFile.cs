using System.Buffers.Binary;
using System.Text;

namespace EduPro.Media;

/// <summary>Reads the directory of an OLE compound file ([MS-CFB]), as far as it takes to know what is in it.</summary>
internal static class CompoundFile
{
    private const int HeaderBytes = 512;
    private const int EntryBytes = 128;
    private const int HeaderFatSectors = 109;
    private const int MaxDirectorySectors = 1024;
    private const byte StreamObject = 2;

    private static ReadOnlySpan<byte> Signature => [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];

    /// <summary>Whether it is a compound file with a non-empty stream of this name.</summary>
    public static async Task<bool> HasStreamAsync(Stream content, string name, CancellationToken ct)
    {
        var header = await content.ReadAtAsync(0, HeaderBytes, ct);
        if (SectorShift(header) is not { } shift)
            return false;

        var sectorBytes = 1 << shift;
        var sector = U32(header, 0x30);
        for (var visited = 0; visited < MaxDirectorySectors; visited++)
        {
            var directory = await content.ReadAtAsync((sector + 1L) << shift, sectorBytes, ct);
            if (directory.Length < sectorBytes)
                return false;
            if (HasEntry(directory, name))
                return true;

            if (await NextSectorAsync(content, header, sector, shift, ct) is not { } next)
                return false;
            sector = next;
        }
        return false;
    }

    /// <summary>
    /// What the allocation table says comes after a sector. The header names the table's first 109 sectors, one
    /// further sector names the next: with 512 bytes each they cover 15 MB, more than a document may have.
    /// </summary>
    private static async Task<uint?> NextSectorAsync(
        Stream content,
        byte[] header,
        uint sector,
        int shift,
        CancellationToken ct
    )
    {
        var links = 1L << (shift - 2);
        var index = sector / links;
        var table = U32At(header, 0x4C + index * sizeof(uint));
        if (index >= HeaderFatSectors)
        {
            if (index - HeaderFatSectors >= links - 1)
                return null;
            var more = ((U32(header, 0x44) + 1L) << shift) + (index - HeaderFatSectors) * sizeof(uint);
            table = U32At(await content.ReadAtAsync(more, sizeof(uint), ct), 0);
        }
        if (table is null)
            return null;
        var link = ((table.Value + 1L) << shift) + sector % links * sizeof(uint);
        return U32At(await content.ReadAtAsync(link, sizeof(uint), ct), 0);
    }

    private static int? SectorShift(byte[] header)
    {
        if (header.Length < HeaderBytes || !header.AsSpan().StartsWith(Signature))
            return null;
        return (U16(header, 0x1A), U16(header, 0x1C), U16(header, 0x1E)) switch
        {
            (3, 0xFFFE, 9) => 9,
            (4, 0xFFFE, 12) => 12,
            _ => null,
        };
    }

    private static bool HasEntry(byte[] directory, string name)
    {
        var wanted = Encoding.Unicode.GetBytes(name + '\0');
        for (var at = 0; at < directory.Length; at += EntryBytes)
        {
            var entry = directory.AsSpan(at, EntryBytes);
            if (
                entry.StartsWith(wanted)
                && BinaryPrimitives.ReadUInt16LittleEndian(entry[0x40..]) == wanted.Length
                && entry[0x42] == StreamObject
                && BinaryPrimitives.ReadUInt32LittleEndian(entry[0x78..]) > 0
            )
                return true;
        }
        return false;
    }

    private static ushort U16(byte[] bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(at));

    private static uint? U32At(byte[] bytes, long at) => at + sizeof(uint) <= bytes.Length ? U32(bytes, (int)at) : null;

    private static uint U32(byte[] bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at));
}
