using System.Formats.Tar;
using System.IO.Compression;
using System.Text;

namespace Slipway.Tests.BadInput;

/// <summary>Makes model.tar.gz files, right ones and others.</summary>
internal static class Archives
{
    public static TarEntry File(string name, string content) =>
        new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(content)) };

    public static byte[] Tar(params IEnumerable<TarEntry> entries)
    {
        using var made = new MemoryStream();
        using (var tar = new TarWriter(made))
        {
            foreach (var entry in entries)
            {
                tar.WriteEntry(entry);
            }
        }

        return made.ToArray();
    }

    public static byte[] Gzip(byte[] content)
    {
        using var made = new MemoryStream();
        using (var zip = new GZipStream(made, CompressionLevel.Fastest))
        {
            zip.Write(content);
        }

        return made.ToArray();
    }

    /// <summary>An entry's head that says whatever it likes of its size.</summary>
    public static byte[] Head(string name, char type, long size)
    {
        var head = new byte[512];
        Encoding.ASCII.GetBytes(name).CopyTo(head, 0);
        "0000644\0"u8.CopyTo(head.AsSpan(100));
        // sizes that eleven octal digits can't hold are binary, as GNU tar writes them
        if (size < 1L << 33)
        {
            Encoding.ASCII.GetBytes(Convert.ToString(size, 8).PadLeft(11, '0')).CopyTo(head, 124);
        }
        else
        {
            head[124] = 0x80;
            System.Buffers.Binary.BinaryPrimitives.WriteInt64BigEndian(head.AsSpan(128), size);
        }

        "00000000000\0"u8.CopyTo(head.AsSpan(136));
        head[156] = (byte)type;
        "ustar\000"u8.CopyTo(head.AsSpan(257));
        head.AsSpan(148, 8).Fill((byte)' ');
        Encoding.ASCII.GetBytes(Convert.ToString(head.Sum(b => b), 8).PadLeft(6, '0') + "\0 ").CopyTo(head, 148);
        return head;
    }
}
