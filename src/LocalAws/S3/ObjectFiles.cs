using System.Security.Cryptography;

namespace Slipway.LocalAws.S3;

/// <summary>A file that has been written whole but that no object names yet.</summary>
/// <param name="Name">Its name in the folder of objects.</param>
/// <param name="Size">Its bytes.</param>
/// <param name="Md5">The MD5 of its bytes, in hexadecimal.</param>
internal sealed record WrittenFile(string Name, long Size, string Md5);

/// <summary>
/// The bytes of objects: one file each under a random name, so that no key can leave the folder. A file is on disk
/// before an object names it, and is deleted only after no object does.
/// </summary>
internal sealed class ObjectFiles
{
    private const int BufferSize = 128 * 1024;
    private readonly string _folder;

    public ObjectFiles(LocalAwsOptions options)
    {
        _folder = Path.Combine(options.DataDirectory, "objects");
        for (var i = 0; i < 256; i++)
        {
            Directory.CreateDirectory(Path.Combine(_folder, i.ToString("x2")));
        }
    }

    /// <summary>Writes a stream to a new file; where that fails, nothing stays.</summary>
    public async Task<WrittenFile> Write(Stream content, CancellationToken cancellation)
    {
        var name = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        var path = PathOf(name);
        using var md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        try
        {
            await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
            var buffer = new byte[BufferSize];
            long size = 0;
            int read;
            while ((read = await content.ReadAsync(buffer, cancellation)) > 0)
            {
                md5.AppendData(buffer, 0, read);
                await file.WriteAsync(buffer.AsMemory(0, read), cancellation);
                size += read;
            }

            file.Flush(flushToDisk: true);
            return new(name, size, Convert.ToHexStringLower(md5.GetHashAndReset()));
        }
        catch
        {
            File.Delete(path);
            throw;
        }
    }

    /// <summary>Opens a file for reading; it stays readable when it is deleted meanwhile.</summary>
    public FileStream Open(string name) =>
        new(PathOf(name), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, BufferSize, FileOptions.Asynchronous | FileOptions.SequentialScan);

    /// <summary>Deletes a file that no object names any more.</summary>
    public void Delete(string name) => File.Delete(PathOf(name));

    private string PathOf(string name) => Path.Combine(_folder, name[..2], name);
}
