using System.Formats.Tar;
using System.IO.Compression;

namespace Slipway.Aws.SageMaker;

/// <summary>
/// Unpacks a model.tar.gz (ModelDataUrl: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ContainerDefinition.html),
/// which may come from anyone: nothing leaves the folder, and neither the disk nor the memory can be filled by it.
/// </summary>
public static class ModelArchive
{
    /// <summary>The most that an archive may hold unpacked, in bytes: 16 GiB.</summary>
    internal const long MaxSize = 16L << 30;

    /// <summary>The most files and folders that an archive may hold.</summary>
    internal const int MaxEntries = 100_000;

    // Names and other attributes of an entry are read into memory.
    private const int MaxAttributes = 1 << 20;

    private const UnixFileMode Readable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode Executable = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>Unpacks an archive into a folder that exists; of two entries of one name the last counts.</summary>
    /// <param name="archive">A gzipped tar, seekable.</param>
    /// <param name="folder">The folder. Where the archive is refused, what came before the fault stays in it.</param>
    /// <param name="cancellation">Ends the work between two entries.</param>
    /// <exception cref="InvalidDataException">
    /// It is no whole gzipped tar, or holds links, devices, paths outside the folder, or too much. The message reads on from the archive's name.
    /// </exception>
    public static void Extract(Stream archive, string folder, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(archive);
        if (archive.ReadByte() != 0x1f || archive.ReadByte() != 0x8b)
        {
            throw new InvalidDataException("can't be unpacked: it is no gzip file.");
        }

        archive.Position -= 2;
        using var unzipped = new BoundedReader(new GZipStream(archive, CompressionMode.Decompress, leaveOpen: true));
        try
        {
            using var tar = new TarReader(unzipped);
            var (left, entries) = (MaxSize, 0);
            while (Next(tar, unzipped) is { } entry)
            {
                cancellation.ThrowIfCancellationRequested();
                entries++;
                left -= entry.Length;
                if (entries > MaxEntries || left < 0)
                {
                    throw new InvalidDataException($"it holds more than {(left < 0 ? $"{MaxSize >> 30} GiB" : $"{MaxEntries:N0} files")}.");
                }
                unzipped.Allow(entry.Length);
                ExtractEntry(entry, folder);
            }
        }
        catch (EndOfStreamException e)
        {
            throw new InvalidDataException("can't be unpacked: it is cut off.", e);
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException or FormatException or OverflowException or ArgumentException)
        {
            throw new InvalidDataException($"can't be unpacked: {e.Message}", e);
        }
    }

    private static TarEntry? Next(TarReader tar, BoundedReader unzipped)
    {
        unzipped.Allow(MaxAttributes);
        try
        {
            return tar.GetNextEntry();
        }
        catch (Exception e) when (!unzipped.HasRefused && e is InvalidDataException or FormatException or OverflowException or ArgumentException)
        {
            throw new InvalidDataException("it is no tar file, or a damaged one.", e);
        }
    }

    private static void ExtractEntry(TarEntry entry, string folder)
    {
        switch (entry.EntryType)
        {
            case TarEntryType.GlobalExtendedAttributes:
                break;
            case TarEntryType.Directory:
                MakeFolder(entry, Target(entry, folder));
                break;
            case TarEntryType.RegularFile or TarEntryType.V7RegularFile:
                Write(entry, Target(entry, folder));
                break;
            default:
                // a link could lead a later entry, or who reads the folder, out of it
                throw new InvalidDataException($"'{entry.Name}' is a {entry.EntryType}; a model holds files and folders only.");
        }
    }

    private static void Write(TarEntry entry, string path)
    {
        if (Directory.Exists(path))
        {
            throw new InvalidDataException($"'{entry.Name}' is a file, and a folder too.");
        }

        MakeFolder(entry, Path.GetDirectoryName(path)!);
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = entry.Mode.HasFlag(UnixFileMode.UserExecute) ? Readable | Executable : Readable;
        }

        using var output = new FileStream(path, options);
        entry.DataStream?.CopyTo(output);
    }

    private static void MakeFolder(TarEntry entry, string path)
    {
        for (var above = path; above is not null; above = Path.GetDirectoryName(above))
        {
            if (File.Exists(above))
            {
                throw new InvalidDataException($"'{entry.Name}' has a folder where a file is already.");
            }
        }

        Directory.CreateDirectory(path);
    }

    private static string Target(TarEntry entry, string folder)
    {
        var root = Path.GetFullPath(folder);
        var target = Path.TrimEndingDirectorySeparator(Path.GetFullPath(Path.Combine(root, entry.Name)));
        return target == root || target.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal)
            ? target : throw new InvalidDataException($"'{entry.Name}' leaves the archive's folder.");
    }

    /// <summary>Reads only as much at a time as was allowed for it.</summary>
    private sealed class BoundedReader(Stream source) : Stream
    {
        private const int Block = 512;

        private long _left;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        /// <summary>Whether what came was more than was allowed.</summary>
        public bool HasRefused { get; private set; }

        public void Allow(long bytes) => _left = bytes + (4 * Block);

        public override int Read(Span<byte> buffer)
        {
            // an entry's head comes in one read, before anything of the size that it announces is made
            var read = buffer.Length == Block ? source.ReadAtLeast(buffer, Block, throwOnEndOfStream: false) : source.Read(buffer);
            _left -= read;
            HasRefused = _left < 0 || (read == Block && HasLargeAttributes(buffer));
            return !HasRefused ? read
                : throw new InvalidDataException($"an entry's name and attributes take more than {MaxAttributes >> 20} MiB.");
        }

        // https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html: the size is octal digits; GNU's larger ones are binary
        private static bool HasLargeAttributes(ReadOnlySpan<byte> head)
        {
            var size = 0L;
            foreach (var digit in head.Slice(124, 12))
            {
                size = digit is >= (byte)'0' and <= (byte)'7' ? (size * 8) + digit - '0' : size;
            }

            return head[156] is (byte)'x' or (byte)'g' or (byte)'L' or (byte)'K' && (size > MaxAttributes || head[124] >= 0x80);
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override void Flush() => source.Flush();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            source.Dispose();
            base.Dispose(disposing);
        }
    }
}
