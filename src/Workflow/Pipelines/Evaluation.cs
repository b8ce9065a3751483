using System.Globalization;
using System.Text.Json.Nodes;

namespace Slipway.Workflow.Pipelines;

/// <summary>What the evaluate step found (docs/steps.md, evaluation.json), as a person reads it.</summary>
/// <param name="Auc">The area under the ROC curve on the test rows, 0 to 1.</param>
/// <param name="Low">The lower end of its 95% interval.</param>
/// <param name="High">The upper end of its 95% interval.</param>
/// <param name="Cut">The probability from which a row counts as positive.</param>
/// <param name="TestRows">The rows that it was judged on.</param>
/// <param name="ChampionAuc">The approved champion's AUC on the same rows, or null where there is none.</param>
/// <param name="Leakage">What a person should know of leakage; empty where there is none.</param>
/// <param name="GateWords">The gate's numbers in words.</param>
/// <param name="RegisteredAs">The version that holds this very model already, or null.</param>
public sealed record Evaluation(
    double Auc, double Low, double High, double Cut, long TestRows, double? ChampionAuc, string Leakage, string GateWords, string? RegisteredAs)
{
    /// <summary>Where the report lies under an execution's folder.</summary>
    public const string File = "evaluate/evaluation/evaluation.json";

    /// <summary>What the report, and the version's metadata after it, say where there is no registered version and where there is no leakage.</summary>
    public const string None = "none";

    /// <summary>Reads the report; null where there is none.</summary>
    public static Evaluation? Read(JsonNode? report) => report is null ? null : new(
        report["binary_classification_metrics"]!["auc"]!["value"]!.GetValue<double>(),
        report["auc_interval"]!["low"]!.GetValue<double>(),
        report["auc_interval"]!["high"]!.GetValue<double>(),
        report["cut"]!.GetValue<double>(),
        report["rows"]!["test"]!.GetValue<long>(),
        report["champion"]?["auc"]?.GetValue<double>(),
        report["leakage"]?["words"]?.GetValue<string>() ?? "",
        report["gate"]!["words"]!.GetValue<string>(),
        report["registered_as"]?.GetValue<string>() is { } arn and not None ? arn : null);

    /// <summary>Writes the numbers of the gate, and what there is to say of leakage.</summary>
    public void WriteTo(TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(output);
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"AUC {Auc:F4}, 95% interval {Low:F4} to {High:F4}, on {TestRows:N0} held-out rows"));
        output.WriteLine(ChampionAuc is { } champion
            ? string.Create(CultureInfo.InvariantCulture, $"Champion on the same rows: AUC {champion:F4}")
            : "There is no approved champion to compare with.");
        if (Leakage.Length > 0)
        {
            output.WriteLine();
            output.WriteLine(Leakage);
        }
    }
}
