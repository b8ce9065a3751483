using System.Formats.Tar;
using System.IO.Compression;

namespace Slipway.ModelServer.Models;

/// <summary>Unpacks a model.tar.gz that may come from anyone: nothing leaves the folder, and it can't fill the disk.</summary>
public static class ModelArchive
{
    /// <summary>The most that an archive may hold unpacked, in bytes: 4 GiB.</summary>
    internal const long MaxSize = 4L << 30;

    /// <summary>Unpacks an archive into a folder that exists.</summary>
    /// <exception cref="InvalidDataException">It is no gzipped tar, or holds links, devices, paths outside the folder or too much.</exception>
    public static void Extract(string archive, string folder)
    {
        using var file = File.OpenRead(archive);
        using var unzipped = new GZipStream(file, CompressionMode.Decompress);
        try
        {
            using var tar = new TarReader(unzipped);
            var left = MaxSize;
            var entries = 0;
            while (tar.GetNextEntry() is { } entry)
            {
                left -= ExtractEntry(entry, folder, left);
                entries++;
            }
            if (entries == 0)
            {
                throw new InvalidDataException("it holds no files.");
            }
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or FormatException or ArgumentException)
        {
            throw new InvalidDataException($"{Path.GetFileName(archive)} can't be unpacked: {e.Message}", e);
        }
    }

    private static long ExtractEntry(TarEntry entry, string folder, long left)
    {
        switch (entry.EntryType)
        {
            case TarEntryType.GlobalExtendedAttributes:
                return 0;
            case TarEntryType.Directory:
                Directory.CreateDirectory(Target(entry, folder));
                return 0;
            case TarEntryType.RegularFile or TarEntryType.V7RegularFile:
                if (entry.Length > left)
                {
                    throw new InvalidDataException($"it holds more than {MaxSize >> 30} GiB.");
                }
                var target = Target(entry, folder);
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                using (var output = new FileStream(target, FileMode.CreateNew, FileAccess.Write))
                {
                    entry.DataStream?.CopyTo(output);
                }
                return entry.Length;
            default:
                throw new InvalidDataException($"'{entry.Name}' is a {entry.EntryType}; a model holds files and folders only.");
        }
    }

    private static string Target(TarEntry entry, string folder)
    {
        var root = Path.GetFullPath(folder);
        var target = Path.GetFullPath(Path.Combine(root, entry.Name));
        return target == root || target.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal)
            || target == root + Path.DirectorySeparatorChar
            ? target : throw new InvalidDataException($"'{entry.Name}' leaves the archive's folder.");
    }
}
