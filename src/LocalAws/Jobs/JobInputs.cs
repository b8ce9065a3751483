using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Aws.Wire;
using Slipway.LocalAws.Containers;
using Slipway.LocalAws.S3;
using Slipway.LocalAws.S3.Store;
using Slipway.LocalAws.Storage;

namespace Slipway.LocalAws.Jobs;

/// <summary>Data in S3 that a job asks for.</summary>
/// <param name="Uri">The prefix, or the manifest.</param>
/// <param name="IsManifest">Whether the URI names a manifest.</param>
/// <param name="Sharded">Whether each instance gets a part of the objects.</param>
/// <param name="MayBeEmpty">Whether nothing needs to be there.</param>
internal sealed record JobInput(string Uri, bool IsManifest, bool Sharded, bool MayBeEmpty = false);

/// <summary>A job that fails by what it was given; the message is SageMaker's ClientError.</summary>
internal sealed class JobInputException(string message, Exception? inner = null) : Exception("ClientError: " + message, inner);

/// <summary>Brings objects from S3 into the folder of a job.</summary>
internal sealed class JobInputs(ObjectStore objects)
{
    private const int LargestManifest = 16 << 20;

    /// <summary>Copies an input into a folder of an instance.</summary>
    /// <exception cref="JobInputException">There is nothing where the input says.</exception>
    public async Task Download(JobInput input, string folder, int instance, int instances, CancellationToken cancellation)
    {
        var found = Find(input).ToList();
        if (found.Count == 0 && !input.MayBeEmpty)
        {
            throw new JobInputException($"Data download failed: there are no S3 objects under '{input.Uri}'.");
        }

        for (var i = 0; i < found.Count; i++)
        {
            if (!input.Sharded || i % instances == instance)
            {
                await Copy(found[i].Object, folder, found[i].Path, cancellation);
            }
        }
    }

    private IEnumerable<(StoredObject Object, string Path)> Find(JobInput input)
    {
        var uri = S3Uri.Parse(input.Uri);
        if (!objects.BucketExists(uri.Bucket))
        {
            throw new JobInputException($"Data download failed: the bucket of '{input.Uri}' does not exist.");
        }

        return input.IsManifest ? Manifest(uri) : Prefix(uri);
    }

    /// <summary>The objects under a prefix, by their path below it: below its last slash where it ends inside a name.</summary>
    private IEnumerable<(StoredObject Object, string Path)> Prefix(S3Uri uri)
    {
        var folder = uri.Key.Length == 0 || uri.Key.EndsWith('/') ? uri.Key : uri.Key + "/";
        var parent = uri.Key[..(uri.Key.LastIndexOf('/') + 1)];
        return objects.List(uri.Bucket, uri.Key).Where(o => !o.Key.EndsWith('/'))
            .Select(o => (o, o.Key[(o.Key.StartsWith(folder, StringComparison.Ordinal) ? folder : parent).Length..]));
    }

    /// <summary>https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_S3DataSource.html: a list of a prefix and of names below it.</summary>
    private List<(StoredObject Object, string Path)> Manifest(S3Uri uri)
    {
        using var content = Open(uri.Bucket, uri.Key) ?? throw new JobInputException($"Data download failed: the manifest {uri} does not exist.");
        if (content.Length > LargestManifest)
        {
            throw new JobInputException($"Data download failed: the manifest {uri} has {content.Length} bytes; at most {LargestManifest} are read.");
        }

        try
        {
            var entries = JsonNode.Parse(content)!.AsArray();
            var prefix = S3Uri.Parse((string)entries[0]!["prefix"]!);
            return [.. entries.Skip(1).Select(entry => ((string)entry!).TrimStart('/')).Select(name => (Require(prefix, name), name))];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentOutOfRangeException or NullReferenceException or AwsException)
        {
            throw new JobInputException($"Data download failed: {uri} is not a manifest, which is a JSON list of {{\"prefix\": \"s3://…\"}} and of names below it.", e);
        }
    }

    private StoredObject Require(S3Uri prefix, string name) => objects.Find(prefix.Bucket, prefix.Key + name)
        ?? throw new JobInputException($"Data download failed: s3://{prefix.Bucket}/{prefix.Key}{name}, which the manifest names, does not exist.");

    private Stream? Open(string bucket, string key)
    {
        try
        {
            return objects.Open(bucket, key)?.Content;
        }
        catch (AwsException e)
        {
            throw new JobInputException($"Data download failed: s3://{bucket}/{key} can't be read: {e.Message} ({e.Code})", e);
        }
    }

    private async Task Copy(StoredObject stored, string folder, string path, CancellationToken cancellation)
    {
        var file = Folders.Below(folder, path) ?? throw new JobInputException($"Data download failed: the key {stored.Key} leads out of the input's folder.");
        await using var from = Open(stored.Bucket, stored.Key)
            ?? throw new JobInputException($"Data download failed: s3://{stored.Bucket}/{stored.Key} was deleted during the download.");
        await using var to = Create(file, stored);
        await from.CopyToAsync(to, cancellation);
    }

    /// <summary>S3 takes keys that no file system has beside each other: <c>a</c> and <c>a/b</c>, and names that are longer than a file's.</summary>
    private static FileStream Create(string file, StoredObject stored)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            return File.Create(file);
        }
        catch (Exception e) when (e is UnauthorizedAccessException || (e is IOException && !StorageFailure.IsFull(e)))
        {
            throw new JobInputException($"Data download failed: the key {stored.Key} can't be a file in the input's folder, where a file or a folder may have its name: {e.Message}", e);
        }
    }
}
