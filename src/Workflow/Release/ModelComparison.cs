using System.Globalization;
using Slipway.Aws.SageMaker;

namespace Slipway.Workflow.Release;

/// <summary>What the metrics of two versions, set side by side, say of the models: as much as the rows are the same that they were tested on.</summary>
public static class ModelComparison
{
    private static readonly string[] Origins = ["DataSha256", "Split"];

    /// <summary>Says in words whether two versions were tested on the same rows, and what is known of both on the same ones.</summary>
    public static IReadOnlyList<string> Words(
        DescribeModelPackage.Response left, ModelEvaluation before, DescribeModelPackage.Response right, ModelEvaluation after)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(right);
        ArgumentNullException.ThrowIfNull(after);
        var differs = Origins.Where(name => Property(left, name) is not { } value || value != Property(right, name)).ToList();
        if (before.TestRows is null || (before.TestRows, before.TestGroups) != (after.TestRows, after.TestGroups))
        {
            differs.Add("the number of test rows");
        }

        return differs.Count == 0
            ? [$"Both were tested on the same {Number(after.TestRows!.Value)} rows: their data, split and number of test rows are the same."]
            : [
                $"They were tested on different rows ({string.Join(", ", differs)}: {(differs.Count == 1 ? "it differs" : "they differ")} or {(differs.Count == 1 ? "is" : "are")} not known), "
                    + "so the differences above tell as much of the rows as of the models.",
                .. SameRows(left, right, after), .. SameRows(right, left, before),
            ];
    }

    /// <summary>What evaluating the second version said of the first, where that was the champion then.</summary>
    private static IEnumerable<string> SameRows(DescribeModelPackage.Response champion, DescribeModelPackage.Response version, ModelEvaluation evaluation) =>
        evaluation.ChampionAuc is { } auc && evaluation.ChampionArn == champion.ModelPackageArn && evaluation.Metrics.TryGetValue("auc", out var own)
            ? [string.Create(CultureInfo.InvariantCulture,
                $"On the test rows of version {version.ModelPackageVersion}, version {champion.ModelPackageVersion} has AUC {auc:F4} and version {version.ModelPackageVersion} {own:F4}.")]
            : [];

    private static string? Property(DescribeModelPackage.Response version, string name) => version.CustomerMetadataProperties?.GetValueOrDefault(name);

    private static string Number(int count) => count.ToString("N0", CultureInfo.InvariantCulture);
}
