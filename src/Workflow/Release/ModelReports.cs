using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Aws.Client;
using Slipway.Aws.SageMaker;

namespace Slipway.Workflow.Release;

/// <summary>The reports that a version's ModelMetrics name.</summary>
public sealed class ModelReports(AwsSession session)
{
    /// <summary>The version's metrics by name, from its model-quality report; empty where it has none.</summary>
    public async Task<IReadOnlyDictionary<string, double>> Metrics(DescribeModelPackage.Response version, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(version);
        if (version.ModelMetrics?.ModelQuality?.Statistics?.S3Uri is not { } uri)
        {
            return new Dictionary<string, double>();
        }

        var place = S3Address.Parse(uri);
        using var found = await session.S3.GetObjectAsync(place.Bucket, place.Key, cancellation);
        var report = await JsonNode.ParseAsync(found.ResponseStream, cancellationToken: cancellation);
        var metrics = report?["binary_classification_metrics"]?.AsObject() ?? [];
        return metrics
            .Where(m => m.Value is JsonObject metric && metric["value"]?.GetValueKind() == JsonValueKind.Number)
            .ToDictionary(m => m.Key, m => m.Value!["value"]!.GetValue<double>());
    }
}
