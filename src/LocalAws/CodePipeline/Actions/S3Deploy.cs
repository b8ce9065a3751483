using System.IO.Compression;
using Microsoft.AspNetCore.StaticFiles;
using Slipway.Aws.CodePipeline;
using Slipway.LocalAws.CodePipeline.Executions;
using Slipway.LocalAws.Containers;
using Slipway.LocalAws.S3;
using Slipway.LocalAws.S3.Objects;
using Slipway.LocalAws.S3.Store;

namespace Slipway.LocalAws.CodePipeline.Actions;

/// <summary>Puts an artifact into a bucket, whole or file by file: https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-S3Deploy.html</summary>
internal sealed class S3Deploy(ObjectStore objects, Buckets buckets, ArtifactPlaces places) : IActionProvider
{
    private static readonly FileExtensionContentTypeProvider ContentTypes = new() { Mappings = { [".zip"] = "application/zip" } };

    public bool Does(ActionTypeId type) => type is { Category: ActionCategory.Deploy, Provider: "S3" };

    public async Task<ActionResult> Run(ActionRow run, CancellationToken cancellation)
    {
        var bucket = run.Setting("BucketName")!;
        if (buckets.Find(bucket) is null)
        {
            throw new ActionFailedException("ConfigurationError", $"The action failed because the Amazon S3 bucket {bucket} does not exist.");
        }

        if (run.Setting("CannedACL") is { } acl and not ("private" or "bucket-owner-full-control"))
        {
            throw new ActionFailedException("ConfigurationError", $"AccessControlListNotSupported: The bucket {bucket} does not allow ACLs, so that objects can't have the canned ACL {acl}.");
        }

        await using var artifact = places.Open(run.Input.InputArtifacts[0]);
        if (IsExtracted(run))
        {
            await Extract(run, bucket, artifact, cancellation);
        }
        else
        {
            await Put(run, bucket, run.Setting("ObjectKey")!, artifact, cancellation);
        }

        return new() { Summary = "Deployment Succeeded" };
    }

    /// <summary>Whether the artifact's files are put one by one.</summary>
    private static bool IsExtracted(ActionRow run) => bool.Parse(run.Setting("Extract")!);

    private async Task Extract(ActionRow run, string bucket, Stream artifact, CancellationToken cancellation)
    {
        var under = run.Setting("ObjectKey") is { } path ? path.TrimEnd('/') + "/" : "";
        try
        {
            using var zip = new ZipArchive(artifact, ZipArchiveMode.Read);
            foreach (var entry in Zips.Entries(zip).Where(e => !e.FullName.EndsWith('/')))
            {
                await using var content = await entry.OpenAsync(cancellation);
                await Put(run, bucket, under + entry.FullName, content, cancellation);
            }
        }
        catch (InvalidDataException e)
        {
            throw new ActionFailedException("ConfigurationError", $"The action failed because the artifact {run.Input.InputArtifacts[0].Name} can't be extracted: {e.Message}");
        }
    }

    private async Task Put(ActionRow run, string bucket, string key, Stream content, CancellationToken cancellation)
    {
        var standard = new Dictionary<string, string>(run.Setting("KMSEncryptionKeyARN") is { } kms ? EncryptionHeaders.Of(kms) : new Dictionary<string, string>());
        if (run.Setting("CacheControl") is { } cache)
        {
            standard["cache-control"] = cache;
        }

        await objects.Put(bucket, key, content, new(ContentTypes.TryGetContentType(key, out var type) ? type : null) { Standard = standard }, cancellation);
    }
}
