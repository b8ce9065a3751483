using Slipway.Aws.Client;
using Slipway.Aws.SageMaker;
using Slipway.Aws.Wire;
using Slipway.Workflow.DataSets;

namespace Slipway.Workflow.Ingest;

/// <summary>The feature group that a CSV is loaded into: made where it is missing, extended where the specification has new features.</summary>
internal sealed class TargetGroup(AwsClient aws, IngestOptions options, TimeProvider time)
{
    private const int MostAdditions = 100;

    /// <summary>The features of a new group.</summary>
    public static IEnumerable<FeatureDefinition> Definitions(DataSetSpecification specification) =>
        specification.Columns.Select(c => new FeatureDefinition(c.Name, Enum.Parse<FeatureType>(c.FeatureType)));

    /// <summary>The group as it is, or null.</summary>
    /// <exception cref="IngestException">Its features don't fit the specification.</exception>
    public async Task<DescribeFeatureGroup.Response?> Find(CancellationToken cancellation)
    {
        try
        {
            var group = await aws.Send(new DescribeFeatureGroup(options.GroupName), cancellation);
            CheckFits(group);
            return group;
        }
        catch (AwsException e) when (e.Code == "ResourceNotFound")
        {
            return null;
        }
    }

    /// <summary>Makes or extends the group, and waits until it takes records.</summary>
    public async Task<DescribeFeatureGroup.Response> Prepare(DescribeFeatureGroup.Response? found, CancellationToken cancellation)
    {
        if (found is null)
        {
            await aws.Send(New(), cancellation);
        }
        else
        {
            var known = found.FeatureDefinitions.Select(f => f.FeatureName).ToHashSet();
            foreach (var additions in Definitions().Where(f => !known.Contains(f.FeatureName)).Chunk(MostAdditions))
            {
                await aws.Send(new UpdateFeatureGroup(options.GroupName, additions), cancellation);
                await Ready(cancellation);
            }
        }

        return await Ready(cancellation);
    }

    private async Task<DescribeFeatureGroup.Response> Ready(CancellationToken cancellation)
    {
        var waiting = new Waiting(time);
        while (true)
        {
            var group = await aws.Send(new DescribeFeatureGroup(options.GroupName), cancellation);
            if (group.LastUpdateStatus is { Status: "Failed" } failed)
            {
                throw new WorkflowException($"The feature group {options.GroupName} could not be extended: {failed.FailureReason}");
            }

            switch (group.FeatureGroupStatus)
            {
                case FeatureGroupStatus.Created when group.LastUpdateStatus?.Status != "InProgress":
                    return group;
                case FeatureGroupStatus.Created or FeatureGroupStatus.Creating:
                    await waiting.Next(cancellation);
                    break;
                default:
                    throw new WorkflowException($"The feature group {options.GroupName} is {group.FeatureGroupStatus}: {group.FailureReason}");
            }
        }
    }

    private CreateFeatureGroup New() => new(
        options.GroupName, options.Specification.RecordIdentifier.Column, options.Specification.EventTime.Column, [.. Definitions()],
        new OnlineStoreConfig(options.KmsKeyArn is { } key ? new OnlineStoreSecurityConfig(key) : null, EnableOnlineStore: true),
        new OfflineStoreConfig(new S3StorageConfig($"s3://{options.Bucket}/feature-store", options.KmsKeyArn)),
        RoleArn: options.RoleArn, Description: $"The data set {options.Specification.Name}");

    private IEnumerable<FeatureDefinition> Definitions() => Definitions(options.Specification);

    private void CheckFits(DescribeFeatureGroup.Response group)
    {
        var faults = new List<string>();
        if (group.RecordIdentifierFeatureName != options.Specification.RecordIdentifier.Column)
        {
            faults.Add($"its record identifier is '{group.RecordIdentifierFeatureName}', the specification's is '{options.Specification.RecordIdentifier.Column}'");
        }

        if (group.EventTimeFeatureName != options.Specification.EventTime.Column)
        {
            faults.Add($"its event time is '{group.EventTimeFeatureName}', the specification's is '{options.Specification.EventTime.Column}'");
        }

        var types = group.FeatureDefinitions.ToDictionary(f => f.FeatureName, f => f.FeatureType);
        faults.AddRange(
            from feature in Definitions()
            where types.TryGetValue(feature.FeatureName, out var type) && type != feature.FeatureType
            select $"'{feature.FeatureName}' is {types[feature.FeatureName]} there and {feature.FeatureType} in the specification");
        faults.AddRange(from column in options.Specification.PersonalData
                        where types.ContainsKey(column)
                        select $"it has the feature '{column}', which the specification calls personal data");
        if (group.OnlineStoreConfig?.EnableOnlineStore != true || group.OfflineStoreConfig is null)
        {
            faults.Add("it needs both an online and an offline store");
        }

        if (faults.Count > 0)
        {
            throw new IngestException(
                $"The feature group {options.GroupName} does not fit the specification: {string.Join("; ", faults)}. Change the specification, or load into another group with --feature-group NAME.");
        }
    }
}
