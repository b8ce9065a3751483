using System.Formats.Tar;
using System.IO.Compression;
using Slipway.LocalAws.S3;

namespace Slipway.LocalAws.SageMaker.Endpoints;

/// <summary>Unpacks a model.tar.gz from S3 into the folder that a server sees as /opt/ml/model.</summary>
internal sealed class ModelArchive(ObjectStore objects)
{
    /// <exception cref="DeploymentException">The archive is missing, damaged, or holds an entry that does not belong in the folder.</exception>
    public async Task Unpack(string url, string folder, CancellationToken cancellation)
    {
        var uri = S3Uri.Parse(url);
        await using var content = objects.Open(uri.Bucket, uri.Key)?.Content
            ?? throw new DeploymentException($"Failed to download model data from URL: \"{url}\". Please ensure that there is an object located at the URL.");
        try
        {
            await using var unzipped = new GZipStream(content, CompressionMode.Decompress);
            await using var tar = new TarReader(unzipped);
            while (await tar.GetNextEntryAsync(copyData: false, cancellation) is { } entry)
            {
                await Unpack(entry, url, folder, cancellation);
            }
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or FormatException)
        {
            throw new DeploymentException($"Failed to extract model data from URL: \"{url}\". It is not a whole model.tar.gz: {e.Message}", e);
        }
    }

    private static async Task Unpack(TarEntry entry, string url, string folder, CancellationToken cancellation)
    {
        var path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(Path.Combine(folder, entry.Name)));
        if (path != folder && !path.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal))
        {
            throw new DeploymentException($"Failed to extract model data from URL: \"{url}\". Its entry '{entry.Name}' leaves the model's folder.");
        }

        switch (entry.EntryType)
        {
            case TarEntryType.Directory:
                Directory.CreateDirectory(path);
                break;
            case TarEntryType.RegularFile or TarEntryType.V7RegularFile:
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                await entry.ExtractToFileAsync(path, overwrite: true, cancellation);
                break;
            case TarEntryType.GlobalExtendedAttributes or TarEntryType.ExtendedAttributes:
                break;
            default:
                // a link could lead a later entry, or the server, out of the folder
                throw new DeploymentException($"Failed to extract model data from URL: \"{url}\". Its entry '{entry.Name}' is a {entry.EntryType}; only files and folders are taken.");
        }
    }
}

/// <summary>Why a deployment did not succeed, in words for the endpoint's FailureReason.</summary>
internal sealed class DeploymentException(string message, Exception? inner = null) : Exception(message, inner);
