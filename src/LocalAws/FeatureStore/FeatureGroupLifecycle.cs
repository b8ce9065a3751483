using Slipway.Aws.SageMaker;
using Slipway.Aws.Wire;
using Slipway.LocalAws.S3;
using Slipway.LocalAws.S3.Store;

namespace Slipway.LocalAws.FeatureStore;

/// <summary>What a feature group's description and deletion need of its stores.</summary>
internal sealed class FeatureGroupLifecycle(FeatureGroups groups, OnlineStore online, OfflineStore offline, RecordWriter writer, ObjectStore objects) : IResume
{
    public async Task<DescribeFeatureGroup.Response> Describe(DescribeFeatureGroup request, CancellationToken cancellation)
    {
        if (request.NextToken is not null)
        {
            // a group has at most 2,500 features, which is one page
            throw AwsErrors.Validation("Invalid pagination token.");
        }

        // who asks where the offline store lies wants to read it: its files are complete when this answers
        await offline.Flush(groups.Require(request.FeatureGroupName), cancellation);
        var group = groups.Require(request.FeatureGroupName);
        return new(
            group.Arn, group.Name, group.RecordIdentifierFeatureName, group.EventTimeFeatureName,
            [.. group.Features.Select(f => new FeatureDefinition(f.Name, f.Type))], group.CreationTime, group.LastModifiedTime,
            group.Online, group.Offline, group.Throughput, group.RoleArn, group.Status, group.OfflineStatus(), group.LastUpdate,
            group.FailureReason, group.Description, null, group.HasOnline() ? online.Bytes(group) : null);
    }

    public Task Delete(DeleteFeatureGroup request, CancellationToken cancellation) =>
        Finish(groups.Change(request.FeatureGroupName, g => g with { Status = FeatureGroupStatus.Deleting, FailureReason = null }), cancellation);

    public async Task Resume(CancellationToken cancellation)
    {
        foreach (var group in groups.All().Where(g => g.Status == FeatureGroupStatus.Deleting))
        {
            await Finish(group, cancellation);
        }
    }

    private async Task Finish(FeatureGroup group, CancellationToken cancellation)
    {
        // what was acknowledged belongs in the offline store, whose files outlive the group
        if (await offline.Flush(group, cancellation) is { } failure)
        {
            if (objects.BucketExists(S3Uri.Parse(group.Offline!.S3StorageConfig.S3Uri).Bucket))
            {
                groups.Change(group.Name, g => g with { Status = FeatureGroupStatus.DeleteFailed, FailureReason = failure.Message });
                return;
            }

            offline.Discard(group);
        }

        writer.Purge(group);
        groups.Remove(group);
    }
}
