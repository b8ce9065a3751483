using Slipway.Aws.CodePipeline;
using Slipway.LocalAws.CodePipeline.Executions;
using Slipway.LocalAws.S3;
using Slipway.LocalAws.S3.Store;

namespace Slipway.LocalAws.CodePipeline.Actions;

/// <summary>Takes the newest version of an object, or the one that the execution was started with: https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-S3.html</summary>
internal sealed class S3Source(ObjectStore objects, Buckets buckets, ExecutionStore store, ArtifactPlaces places) : IActionProvider
{
    public bool Does(ActionTypeId type) => type is { Category: ActionCategory.Source, Provider: "S3" };

    public async Task<ActionResult> Run(ActionRow run, CancellationToken cancellation)
    {
        var bucket = run.Setting("S3Bucket")!;
        var asked = store.Find(run.Execution)!.SourceRevisions.FirstOrDefault(r => r.ActionName == run.Action);
        var key = asked is { RevisionType: "S3_OBJECT_KEY" } ? asked.RevisionValue : run.Setting("S3ObjectKey")!;
        var version = asked is { RevisionType: "S3_OBJECT_VERSION_ID" } ? asked.RevisionValue : null;
        if (buckets.Find(bucket) is not { } place)
        {
            throw Missing($"the Amazon S3 bucket {bucket} does not exist");
        }

        if (!place.IsVersioned)
        {
            throw Missing($"the Amazon S3 bucket {bucket} has no versioning, which a source needs");
        }

        var (found, content) = objects.Open(bucket, key, version) ?? throw Missing($"the object with key {key}{(version is null ? "" : $" and version {version}")} does not exist in the Amazon S3 bucket {bucket}");
        await using (content)
        {
            await places.Put(run, content, cancellation);
        }

        return new()
        {
            ExternalId = found.VersionId,
            Summary = $"Amazon S3 version id: {found.VersionId}",
            Revision = new(run.OutputArtifacts[0].Name, found.VersionId, found.ETag, $"Amazon S3 version id: {found.VersionId}", found.LastModified, null),
            Variables = new Dictionary<string, string> { ["BucketName"] = bucket, ["ObjectKey"] = key, ["ETag"] = found.ETag, ["VersionId"] = found.VersionId },
        };
    }

    private static ActionFailedException Missing(string why) => new("ConfigurationError", $"The action failed because {why}.");
}
