using Slipway.Aws.Wire;
using Slipway.LocalAws.CodeBuild.Running;
using Slipway.LocalAws.Containers;
using Slipway.LocalAws.S3;
using Slipway.LocalAws.S3.Store;

namespace Slipway.LocalAws.CodeBuild.Sources;

/// <summary>Brings zips and folders of S3 into the folder of a build.</summary>
internal sealed class S3Source(ObjectStore objects)
{
    /// <summary>Extracts a zip, or copies the objects of a folder, whose key ends in a slash; gives the version of the zip where its bucket keeps versions.</summary>
    /// <param name="place">The object, or the folder.</param>
    /// <param name="version">The id of the object's version; null: the newest.</param>
    /// <param name="folder">The folder, which is made.</param>
    /// <param name="build">The build.</param>
    /// <exception cref="BuildFailure">It is not there, can't be read or is no zip.</exception>
    public async Task<string?> Download(S3Uri place, string? version, string folder, RunningBuild build)
    {
        Directory.CreateDirectory(folder);
        try
        {
            if (place.Key.EndsWith('/'))
            {
                await Copy(place, folder, build.Cancellation);
                return null;
            }

            var (stored, content) = objects.Open(place.Bucket, place.Key, version is { Length: > 0 } ? version : null)
                ?? throw new BuildFailure(BuildFailure.Client, $"NoSuchKey: The specified key does not exist: {place}");
            await using (content)
            {
                await Zips.Extract(content, folder, overwrites: true, build.Cancellation);
            }

            return stored.VersionId == VersionId.Null ? null : stored.VersionId;
        }
        catch (AwsException e)
        {
            throw new BuildFailure(BuildFailure.Client, $"{e.Code}: {place} can't be read: {e.Message}", e);
        }
        catch (InvalidDataException e)
        {
            throw new BuildFailure(BuildFailure.Client, $"{place} can't be extracted: {e.Message}", e);
        }
    }

    private async Task Copy(S3Uri place, string folder, CancellationToken cancellation)
    {
        var found = objects.List(place.Bucket, place.Key).Where(o => !o.Key.EndsWith('/')).ToList();
        if (found.Count == 0)
        {
            throw new BuildFailure(BuildFailure.Client, $"NoSuchKey: there are no objects under {place}");
        }

        foreach (var stored in found)
        {
            var file = Folders.Below(folder, stored.Key[place.Key.Length..]) ?? throw new BuildFailure(BuildFailure.Client, $"the key {stored.Key} leads out of the source's folder");
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            var (_, content) = objects.Open(stored.Bucket, stored.Key) ?? throw new BuildFailure(BuildFailure.Client, $"NoSuchKey: {stored.Key} was deleted during the download");
            await using (content)
            {
                await using var to = File.Create(file);
                await content.CopyToAsync(to, cancellation);
            }
        }
    }
}
