using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace Slipway.LocalAws.S3;

/// <summary>A file that has been written whole but that no object names yet.</summary>
/// <param name="Name">Its name in the folder of objects.</param>
/// <param name="Size">Its bytes.</param>
/// <param name="ETag">Its entity tag: the MD5 of its bytes, or where it is encrypted a random number, 16 bytes in hexadecimal.</param>
internal sealed record WrittenFile(string Name, long Size, string ETag);

/// <summary>A file of an object's content: the whole of it, or one of its parts.</summary>
/// <param name="Name">Its name in the folder of objects.</param>
/// <param name="Size">Its bytes.</param>
internal sealed record ObjectFile(string Name, long Size);

/// <summary>
/// The bytes of objects: files under random names, so that no key can leave the folder. A file is on disk before an
/// object names it, is deleted only after no object does, and outlives its object until its last reader is done.
/// </summary>
internal sealed class ObjectFiles
{
    private const int BufferSize = 256 * 1024;
    private readonly string _folder;
    private readonly Dictionary<string, int> _held = [];
    private readonly HashSet<string> _doomed = [];
    private readonly Lock _lock = new();

    public ObjectFiles(LocalAwsOptions options)
    {
        _folder = Path.Combine(options.DataDirectory, "objects");
        for (var i = 0; i < 256; i++)
        {
            Directory.CreateDirectory(Path.Combine(_folder, i.ToString("x2")));
        }
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

    /// <summary>Writes a stream to a new file; where that fails, nothing stays.</summary>
    /// <param name="content">What to write, read to its end.</param>
    /// <param name="digests">Takes every byte on its way.</param>
    /// <param name="dataKey">What it is encrypted with; null: it is not.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <param name="verify">Throws where what the digests took is not what was to come.</param>
    public async Task<WrittenFile> Write(Stream content, Digests digests, byte[]? dataKey, CancellationToken cancellation, Action? verify = null)
    {
        var name = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        var path = PathOf(name);
        try
        {
            using var file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write);
            using var cipher = dataKey is null ? null : new FileCipher(dataKey, name);
            var size = await Copy(content, file, digests, cipher, cancellation);
            verify?.Invoke();
            RandomAccess.FlushToDisk(file);
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
        lock (_lock)
        {
            if (files.FirstOrDefault(f => _doomed.Contains(f.Name) || !File.Exists(PathOf(f.Name))) is { } gone)
            {
                throw new FileNotFoundException("the object was replaced or deleted", gone.Name);
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

    private static async Task<long> Copy(Stream content, SafeFileHandle file, Digests digests, FileCipher? cipher, CancellationToken cancellation)
    {
        // small objects are many: they need no large buffers
        var length = content is RequestBody body ? (int)Math.Clamp(body.Length + 1, 1024, BufferSize) : BufferSize;
        var (filling, draining) = (new byte[length], new byte[length]);
        var size = 0L;
        var writing = Task.CompletedTask;
        try
        {
            int read;
            while ((read = await content.ReadAtLeastAsync(filling, length, throwOnEndOfStream: false, cancellation)) > 0)
            {
                await writing;
                (filling, draining) = (draining, filling);
                var (block, at) = (draining.AsMemory(0, read), size);
                size += read;
                if (read < length)
                {
                    Take(block, at);
                    break;
                }

                // the next block comes in while this one is digested and written
                writing = Task.Run(() => Take(block, at), CancellationToken.None);
            }
        }
        finally
        {
            await writing;
        }

        return size;

        void Take(Memory<byte> block, long at)
        {
            digests.Append(block.Span);
            if (cipher is null)
            {
                RandomAccess.Write(file, block.Span, at);
            }
            else
            {
                cipher.Write(file, block.Span, at);
            }
        }
    }

    private string PathOf(string name) => Path.Combine(_folder, name[..2], name);
}
