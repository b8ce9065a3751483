using System.IO.Compression;
using Slipway.LocalAws.Storage;

namespace Slipway.LocalAws.Containers;

/// <summary>Zips, which may come from anyone: nothing leaves the folder that they are extracted into, and none fills the disk.</summary>
internal static class Zips
{
    /// <summary>The most that a zip may hold, in bytes: 16 GiB, as for a model's archive.</summary>
    private const long MaxSize = 16L << 30;

    /// <summary>The most files and folders that a zip may hold.</summary>
    private const int MaxEntries = 100_000;

    private const UnixFileMode Permissions = (UnixFileMode)0b111_111_111;

    /// <summary>What a zip holds. Of an entry no more is read than it says that it has.</summary>
    /// <exception cref="InvalidDataException">It is no zip, or holds too much.</exception>
    public static IReadOnlyCollection<ZipArchiveEntry> Entries(ZipArchive zip)
    {
        var left = MaxSize;
        foreach (var entry in zip.Entries)
        {
            left -= entry.Length is >= 0 and <= MaxSize ? entry.Length : left + 1;
            if (left < 0 || zip.Entries.Count > MaxEntries)
            {
                throw new InvalidDataException($"it holds more than {(left < 0 ? $"{MaxSize >> 30} GiB" : $"{MaxEntries:N0} files")}");
            }
        }

        return zip.Entries;
    }

    /// <summary>Extracts a zip into a folder that exists; links are files.</summary>
    /// <param name="zip">The zip, seekable.</param>
    /// <param name="folder">The folder. A link that is in it leads nowhere.</param>
    /// <param name="overwrites">Whether, of two files of one name, the last counts; else that is an error.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <exception cref="InvalidDataException">
    /// It is no zip, is damaged, holds too much, or has an entry that leads out of the folder or can't be a file there. What came before stays.
    /// </exception>
    public static async Task Extract(Stream zip, string folder, bool overwrites, CancellationToken cancellation)
    {
        try
        {
            await using var archive = await ZipArchive.CreateAsync(zip, ZipArchiveMode.Read, leaveOpen: true, entryNameEncoding: null, cancellation);
            foreach (var entry in Entries(archive))
            {
                await Extract(entry, folder, overwrites, cancellation);
            }
        }
        catch (Exception e) when (e is UnauthorizedAccessException or ArgumentException or NotSupportedException || (e is IOException && !StorageFailure.IsFull(e)))
        {
            throw new InvalidDataException(e.Message, e);
        }
    }

    private static async Task Extract(ZipArchiveEntry entry, string folder, bool overwrites, CancellationToken cancellation)
    {
        var path = Folders.Below(folder, entry.FullName) ?? throw new InvalidDataException($"'{entry.FullName}' leads out of the folder");
        if (Folders.IsLinked(folder, Path.GetRelativePath(folder, path)))
        {
            throw new InvalidDataException($"'{entry.FullName}' is, or is below, a link, which could lead out of the folder");
        }

        if (entry.FullName.EndsWith('/'))
        {
            Directory.CreateDirectory(path);
            return;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var options = new FileStreamOptions { Mode = overwrites ? FileMode.Create : FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows() && ((UnixFileMode)(entry.ExternalAttributes >> 16) & Permissions) is not UnixFileMode.None and var mode)
        {
            options.UnixCreateMode = mode;
        }

        await using (var file = new FileStream(path, options))
        await using (var content = await entry.OpenAsync(cancellation))
        {
            await content.CopyToAsync(file, cancellation);
        }

        // tools that build what has changed go by it
        File.SetLastWriteTime(path, entry.LastWriteTime.DateTime);
    }
}
