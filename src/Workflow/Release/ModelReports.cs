using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Aws.Client;
using Slipway.Aws.SageMaker;

namespace Slipway.Workflow.Release;

/// <summary>What a version's model-quality report says (evaluation.json, docs/steps.md).</summary>
/// <param name="Metrics">The metrics by name.</param>
/// <param name="TestRows">How many rows it was tested on; null where the report does not say it.</param>
/// <param name="TestGroups">How many groups they are of; null where the report does not say it.</param>
/// <param name="ChampionArn">The version that was the champion then; null where there was none.</param>
/// <param name="ChampionAuc">The champion's AUC on the same rows; null where it was not compared.</param>
public sealed record ModelEvaluation(
    IReadOnlyDictionary<string, double> Metrics, int? TestRows = null, int? TestGroups = null, string? ChampionArn = null, double? ChampionAuc = null);

/// <summary>The reports that a version's ModelMetrics name.</summary>
public sealed class ModelReports(AwsSession session)
{
    /// <summary>The version's model-quality report; one without metrics where it has none.</summary>
    public async Task<ModelEvaluation> Evaluation(DescribeModelPackage.Response version, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(version);
        if (version.ModelMetrics?.ModelQuality?.Statistics?.S3Uri is not { } uri)
        {
            return new(new Dictionary<string, double>());
        }

        var place = S3Address.Parse(uri);
        using var found = await session.S3.GetObjectAsync(place.Bucket, place.Key, cancellation);
        var report = await JsonNode.ParseAsync(found.ResponseStream, cancellationToken: cancellation);
        var metrics = (report?["binary_classification_metrics"]?.AsObject() ?? [])
            .Where(m => m.Value is JsonObject metric && metric["value"]?.GetValueKind() == JsonValueKind.Number)
            .ToDictionary(m => m.Key, m => m.Value!["value"]!.GetValue<double>());
        var (rows, champion) = (report?["rows"], report?["champion"]);
        return new(metrics, (int?)rows?["test"], (int?)rows?["test_groups"], (string?)champion?["model_package_arn"], (double?)champion?["auc"]);
    }
}
