using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
using Slipway.LocalAws.Storage;

namespace Slipway.LocalAws.S3.Store;

/// <summary>A file that has been written whole but that no object names yet.</summary>
/// <param name="Name">Its name in the folder of objects.</param>
/// <param name="Size">Its bytes.</param>
/// <param name="ETag">Its entity tag: the MD5 of its bytes, or where it is encrypted a random number, 16 bytes in hexadecimal.</param>
internal sealed record WrittenFile(string Name, long Size, string ETag)
{
    /// <summary>Its bytes, where the database is to keep them and there is no file: see <see cref="SmallContents"/>.</summary>
    public byte[]? Small { get; init; }
}

/// <summary>A file of an object's content: the whole of it, or one of its parts.</summary>
/// <param name="Name">Its name in the folder of objects.</param>
/// <param name="Size">Its bytes.</param>
internal sealed record ObjectFile(string Name, long Size);

/// <summary>
/// The bytes of objects: files under random names, so that no key can leave the folder. A file is on disk, and its name
/// with it, before an object names it; it is deleted only after no object does, and outlives its object until its last
/// reader is done. Small contents are in the database instead.
/// </summary>
internal sealed class ObjectFiles
{
    private readonly string _folder;
    private readonly SmallContents _small;
    private readonly Dictionary<string, int> _held = [];
    private readonly HashSet<string> _doomed = [];
    private readonly HashSet<string> _folders = [];
    private readonly Lock _lock = new();

    public ObjectFiles(LocalAwsOptions options, SmallContents small)
    {
        (_folder, _small) = (Path.Combine(options.DataDirectory, "objects"), small);
        Directory.CreateDirectory(_folder);
        DirectoryFlush.Flush(options.DataDirectory);
    }

    /// <summary>Removes the files of a process that was killed before an object named them, or before it deleted them.</summary>
    /// <param name="named">The names that are in use.</param>
    public void Sweep(HashSet<string> named)
    {
        foreach (var file in Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories).Where(f => !named.Contains(Path.GetFileName(f))))
        {
            File.Delete(file);
        }
    }

    /// <summary>Writes the whole content of an object: to a new file, unless it is small. Where that fails, nothing stays.</summary>
    /// <param name="content">What to write, read to its end.</param>
    /// <param name="digests">Takes every byte on its way.</param>
    /// <param name="dataKey">What it is encrypted with; null: it is not.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <param name="verify">Throws where what the digests took is not what was to come.</param>
    public async Task<WrittenFile> Write(Stream content, Digests digests, byte[]? dataKey, CancellationToken cancellation, Action? verify = null)
    {
        var (block, read) = await ContentCopy.Start(content, cancellation);
        if (dataKey is not null || read > SmallContents.Largest || read == block.Length)
        {
            return await WriteFile(content, (block, read), digests, dataKey, cancellation, verify);
        }

        digests.Append(block.AsSpan(0, read));
        verify?.Invoke();
        return new(_small.NewName(), read, Convert.ToHexStringLower(digests.Md5())) { Small = block[..read] };
    }

    /// <summary>Writes a part of an upload to a new file; otherwise as <see cref="Write"/>.</summary>
    public async Task<WrittenFile> WritePart(Stream content, Digests digests, byte[]? dataKey, CancellationToken cancellation, Action? verify = null) =>
        await WriteFile(content, await ContentCopy.Start(content, cancellation), digests, dataKey, cancellation, verify);

    private async Task<WrittenFile> WriteFile(
        Stream content, (byte[] Block, int Read) start, Digests digests, byte[]? dataKey, CancellationToken cancellation, Action? verify)
    {
        var name = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        var path = PathOf(name);
        Prepare(Path.GetDirectoryName(path)!);
        try
        {
            using var file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write);
            using var cipher = dataKey is null ? null : new FileCipher(dataKey, name);
            var size = await ContentCopy.Copy(content, start, file, digests, cipher, cancellation);
            verify?.Invoke();
            RandomAccess.FlushToDisk(file);
            DirectoryFlush.Flush(Path.GetDirectoryName(path)!);
            return new(name, size, Convert.ToHexStringLower(cipher is null ? digests.Md5() : RandomNumberGenerator.GetBytes(MD5.HashSizeInBytes)));
        }
        catch
        {
            File.Delete(path);
            throw;
        }
    }

    /// <summary>Opens the files of an object as one stream.</summary>
    /// <param name="files">The files.</param>
    /// <param name="dataKey">What they are encrypted with; null: they are not.</param>
    /// <exception cref="FileNotFoundException">One of them is no longer there.</exception>
    public Stream Open(IReadOnlyList<ObjectFile> files, byte[]? dataKey)
    {
        if (files is [var only] && SmallContents.Holds(only.Name))
        {
            return new MemoryStream(_small.Find(only.Name) ?? throw Gone(only), writable: false);
        }

        lock (_lock)
        {
            if (files.FirstOrDefault(f => _doomed.Contains(f.Name) || !File.Exists(PathOf(f.Name))) is { } gone)
            {
                throw Gone(gone);
            }

            foreach (var file in files)
            {
                _held[file.Name] = _held.GetValueOrDefault(file.Name) + 1;
            }
        }

        return new ContentStream(this, files, dataKey);
    }

    /// <summary>Lets go of files that <see cref="Open"/> holds.</summary>
    public void Release(IReadOnlyList<ObjectFile> files)
    {
        lock (_lock)
        {
            foreach (var file in files)
            {
                if (--_held[file.Name] == 0)
                {
                    _held.Remove(file.Name);
                    if (_doomed.Remove(file.Name))
                    {
                        File.Delete(PathOf(file.Name));
                    }
                }
            }
        }
    }

    /// <summary>Opens one file for reading.</summary>
    public SafeFileHandle OpenHandle(ObjectFile file) => File.OpenHandle(PathOf(file.Name), options: FileOptions.SequentialScan);

    /// <summary>Deletes files that no object names any more, now or when their last reader is done.</summary>
    public void Delete(IReadOnlyList<string> names)
    {
        lock (_lock)
        {
            foreach (var name in names)
            {
                if (_held.ContainsKey(name))
                {
                    _doomed.Add(name);
                }
                else
                {
                    File.Delete(PathOf(name));
                }
            }
        }
    }

    private static FileNotFoundException Gone(ObjectFile file) => new("the object was replaced or deleted", file.Name);

    /// <summary>Sees to it that a folder of files is there and on disk.</summary>
    private void Prepare(string folder)
    {
        lock (_lock)
        {
            if (!_folders.Contains(folder))
            {
                Directory.CreateDirectory(folder);
                DirectoryFlush.Flush(_folder);
                _folders.Add(folder);
            }
        }
    }

    private string PathOf(string name) => Path.Combine(_folder, name[..2], name);
}
