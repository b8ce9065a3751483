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
    /// <summary>
    /// Asks where the offline store lies, and reads what is there. Each of the specification, SageMaker and S3 takes a
    /// while when it is first used: they begin at the same time.
    /// </summary>
    /// <returns>The feature group's name, and the objects that were read.</returns>
    /// <exception cref="StepFailedException">There is no such feature group, it has no offline store, or nothing in it.</exception>
    public static async Task<(string? FeatureGroup, IReadOnlyList<LineageObject> Objects)> ReadAsync(
        Duck duck, Task<DataSetSpecification> reading, StepContext context, CancellationToken cancellation)
    {
        using var aws = context.Environment.Aws();
        var opening = Task.Run(() => aws.S3, cancellation);
        var asking = context.Variable("FEATURE_GROUP_NAME") is { } given ? Task.Run(() => Describe(aws, given, cancellation), cancellation) : null;
        var specification = await reading;
        var group = await (asking ?? Describe(aws, specification.FeatureGroupName, cancellation));
        var name = group.FeatureGroupName;
        try
        {
            var uri = group.OfflineStoreConfig?.S3StorageConfig.ResolvedOutputS3Uri
                ?? throw new StepFailedException($"The feature group {name} has no offline store to extract from.");
            CheckColumns(group, specification);
            var files = await OfflineStoreFiles.DownloadAsync(await opening, uri, duck.Scratch, cancellation);
            OfflineStoreFiles.CreateView(duck, specification, files.Select(file => file.Path));
            return (name, [.. files.Select(file => file.Object)]);
        }
        catch (Amazon.Runtime.AmazonServiceException e)
        {
            throw new StepFailedException($"The offline store of {name} can't be read: {e.Message}", e);
        }
    }

    private static async Task<DescribeFeatureGroup.Response> Describe(AwsSession aws, string name, CancellationToken cancellation)
    {
        try
        {
            return await aws.Aws.Send(new DescribeFeatureGroup(name), cancellation);
        }
        catch (AwsException e)
        {
            throw new StepFailedException($"The feature group {name} can't be read: {e.Message}", e);
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
