using Slipway.Aws.SageMaker;
using Slipway.Aws.Wire;

namespace Slipway.LocalAws.FeatureStore;

/// <summary>What a feature group's description and deletion need of its stores.</summary>
internal sealed class FeatureGroupLifecycle(FeatureGroups groups, OnlineStore online, RecordWriter writer) : IResume
{
    public DescribeFeatureGroup.Response Describe(DescribeFeatureGroup request)
    {
        if (request.NextToken is not null)
        {
            // a group has at most 2,500 features, which is one page
            throw AwsErrors.Validation("Invalid pagination token.");
        }

        var group = groups.Require(request.FeatureGroupName);
        return new(
            group.Arn, group.Name, group.RecordIdentifierFeatureName, group.EventTimeFeatureName,
            [.. group.Features.Select(f => new FeatureDefinition(f.Name, f.Type))], group.CreationTime, group.LastModifiedTime,
            group.Online, group.Offline, group.Throughput, group.RoleArn, group.Status, group.OfflineStatus(), group.LastUpdate,
            group.FailureReason, group.Description, null, group.HasOnline() ? online.Bytes(group) : null);
    }

    public void Delete(DeleteFeatureGroup request) =>
        Finish(groups.Change(request.FeatureGroupName, g => g with { Status = FeatureGroupStatus.Deleting }));

    public Task Resume(CancellationToken cancellation)
    {
        foreach (var group in groups.All().Where(g => g.Status == FeatureGroupStatus.Deleting))
        {
            Finish(group);
        }

        return Task.CompletedTask;
    }

    private void Finish(FeatureGroup group)
    {
        writer.Purge(group);
        groups.Remove(group);
    }
}
