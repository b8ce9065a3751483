using Slipway.Aws.Client;
using Slipway.Aws.SageMaker;
using Slipway.Aws.Wire;
using Slipway.Steps.Data;
using Slipway.Steps.StepHost;
using Slipway.Workflow.DataSets;

namespace Slipway.Steps.Extract;

/// <summary>Reads the feature group's offline store into the view <c>rows</c>.</summary>
internal static class OfflineStoreSource
{
    /// <summary>Asks where the offline store lies, and reads what is there.</summary>
    /// <returns>The feature group's name, and the objects that were read.</returns>
    /// <exception cref="StepFailedException">There is no such feature group, it has no offline store, or nothing in it.</exception>
    public static async Task<(string? FeatureGroup, IReadOnlyList<LineageObject> Objects)> ReadAsync(
        Duck duck, DataSetSpecification specification, StepContext context, CancellationToken cancellation)
    {
        var name = context.Variable("FEATURE_GROUP_NAME") ?? specification.FeatureGroupName;
        using var aws = context.Environment.Aws();
        try
        {
            var group = await aws.Aws.Send(new DescribeFeatureGroup(name), cancellation);
            var uri = group.OfflineStoreConfig?.S3StorageConfig.ResolvedOutputS3Uri
                ?? throw new StepFailedException($"The feature group {name} has no offline store to extract from.");
            CheckColumns(group, specification);
            var files = await OfflineStoreFiles.DownloadAsync(aws.S3, uri, duck.Scratch, cancellation);
            OfflineStoreFiles.CreateView(duck, specification, files.Select(file => file.Path));
            return (name, [.. files.Select(file => file.Object)]);
        }
        catch (AwsException e)
        {
            throw new StepFailedException($"The feature group {name} can't be read: {e.Message}", e);
        }
        catch (Amazon.Runtime.AmazonServiceException e)
        {
            throw new StepFailedException($"The offline store of {name} can't be read: {e.Message}", e);
        }
    }

    private static void CheckColumns(DescribeFeatureGroup.Response group, DataSetSpecification specification)
    {
        // Types may differ (an existing group may hold the user's id as a number): they are converted when they are read.
        var missing = specification.Columns.Select(column => column.Name)
            .Except(group.FeatureDefinitions.Select(feature => feature.FeatureName)).ToList();
        if (missing.Count > 0)
        {
            throw new StepFailedException(
                $"The feature group {group.FeatureGroupName} has no feature '{string.Join("', '", missing)}', which the specification names; `slipway ingest` adds it.");
        }
    }
}
