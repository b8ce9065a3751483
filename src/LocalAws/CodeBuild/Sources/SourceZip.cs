using System.IO.Compression;
using Slipway.LocalAws.Storage;

namespace Slipway.LocalAws.CodeBuild.Sources;

/// <summary>A zip that is a build's source, which may come from anyone.</summary>
internal static class SourceZip
{
    /// <summary>Extracts a zip into a folder; of two files of one name the last counts, and links are files.</summary>
    /// <exception cref="InvalidDataException">It is no zip, is damaged, or has an entry that leads out of the folder or can't be a file there. What came before stays.</exception>
    public static async Task Extract(Stream zip, string folder, CancellationToken cancellation)
    {
        try
        {
            await ZipFile.ExtractToDirectoryAsync(zip, folder, overwriteFiles: true, cancellation);
        }
        catch (Exception e) when (e is UnauthorizedAccessException or ArgumentException or NotSupportedException || (e is IOException && !StorageFailure.IsFull(e)))
        {
            throw new InvalidDataException(e.Message, e);
        }
    }
}
