using System.Formats.Tar;
using System.IO.Compression;
using Slipway.Aws.Wire;
using Slipway.LocalAws.Containers;
using Slipway.LocalAws.S3;
using Slipway.LocalAws.S3.Store;

namespace Slipway.LocalAws.Jobs;

/// <summary>What tells a file that was written to from one that was not.</summary>
/// <param name="Length">Its length in bytes.</param>
/// <param name="Written">When it was last written, in UTC.</param>
internal sealed record FileState(long Length, DateTime Written)
{
    /// <summary>A file's state now.</summary>
    /// <exception cref="FileNotFoundException">It is gone.</exception>
    public static FileState Of(string file)
    {
        var info = new FileInfo(file);
        return new(info.Length, info.LastWriteTimeUtc);
    }
}

/// <summary>Takes what a job leaves to S3. Whatever is uploaded twice, after a crash, has the same keys.</summary>
internal sealed class JobOutputs(ObjectStore objects)
{
    /// <summary>Uploads every file of folders below a place in S3.</summary>
    /// <param name="folders">Where two have a file of one name, the first counts.</param>
    /// <param name="uri">The place.</param>
    /// <param name="kmsKeyId">The KMS key that encrypts them, or null.</param>
    /// <param name="cancellation">Ends the work.</param>
    public async Task Upload(IEnumerable<string> folders, string uri, string? kmsKeyId, CancellationToken cancellation)
    {
        var to = Require(uri);
        foreach (var (path, file) in Files(folders))
        {
            await Put(to.Append(path), file, kmsKeyId, cancellation);
        }
    }

    /// <summary>Uploads every file of folders that is not in S3 as it is now.</summary>
    /// <param name="folders">Where two have a file of one name, the first counts.</param>
    /// <param name="uri">The place.</param>
    /// <param name="inS3">The files in S3 by their path, as they were uploaded; what is uploaded now is added.</param>
    /// <param name="cancellation">Ends the work.</param>
    public async Task UploadChanged(IEnumerable<string> folders, string uri, Dictionary<string, FileState> inS3, CancellationToken cancellation)
    {
        var to = Require(uri);
        foreach (var (path, file) in Files(folders))
        {
            var now = FileState.Of(file);
            if (inS3.GetValueOrDefault(path) != now)
            {
                await Put(to.Append(path), file, kmsKeyId: null, cancellation);
                inS3[path] = now;
            }
        }
    }

    /// <summary>Packs the files of folders into one tar.gz in S3; the same files give the same bytes. Nothing is uploaded where there are none.</summary>
    /// <param name="folders">Where two have a file of one name, the first counts.</param>
    /// <param name="uri">The object.</param>
    /// <param name="kmsKeyId">The KMS key that encrypts it, or null.</param>
    /// <param name="scratch">A file for the archive while it is made.</param>
    /// <param name="cancellation">Ends the work.</param>
    public async Task Pack(IEnumerable<string> folders, string uri, string? kmsKeyId, string scratch, CancellationToken cancellation)
    {
        var files = Files(folders);
        if (files.Count == 0)
        {
            return;
        }

        var to = Require(uri);
        await using (var archive = File.Create(scratch))
        await using (var gzip = new GZipStream(archive, CompressionLevel.Fastest))
        await using (var tar = new TarWriter(gzip, TarEntryFormat.Gnu))
        {
            foreach (var (path, file) in files)
            {
                await using var content = File.OpenRead(file);
                await tar.WriteEntryAsync(new GnuTarEntry(TarEntryType.RegularFile, path)
                {
                    DataStream = content, ModificationTime = DateTimeOffset.UnixEpoch, Mode = Mode(file),
                }, cancellation);
            }
        }

        await Put(to, scratch, kmsKeyId, cancellation);
    }

    /// <summary>The files below folders by their path, in its order. A link would lead to a file that is not the job's; pipes and sockets are left out too.</summary>
    public static SortedDictionary<string, string> Files(IEnumerable<string> folders)
    {
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };
        foreach (var folder in folders.Where(Directory.Exists))
        {
            foreach (var file in Directory.EnumerateFiles(folder, "*", options).Where(Folders.IsFile))
            {
                files.TryAdd(Path.GetRelativePath(folder, file).Replace('\\', '/'), file);
            }
        }

        return files;
    }

    private static UnixFileMode Mode(string file)
    {
        const UnixFileMode readable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
        const UnixFileMode executable = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        return !OperatingSystem.IsWindows() && File.GetUnixFileMode(file).HasFlag(UnixFileMode.UserExecute) ? readable | executable : readable;
    }

    private async Task Put(S3Uri to, string file, string? kmsKeyId, CancellationToken cancellation)
    {
        try
        {
            await objects.PutFile(to.Bucket, to.Key, file, kmsKeyId, cancellation);
        }
        catch (AwsException e)
        {
            throw new JobInputException($"Data upload failed: {to} can't be written: {e.Message} ({e.Code})", e);
        }
    }

    private S3Uri Require(string uri)
    {
        var to = S3Uri.Parse(uri);
        return objects.BucketExists(to.Bucket) ? to : throw new JobInputException($"Data upload failed: the bucket of '{uri}' does not exist.");
    }
}
