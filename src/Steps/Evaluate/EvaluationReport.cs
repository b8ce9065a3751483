using System.Text.Json.Serialization;
using Slipway.ModelServer.Models;

namespace Slipway.Steps.Evaluate;

/// <summary>evaluation.json (docs/steps.md); <c>RegisteredAs</c> is the version that holds this very model already, or <c>none</c>.</summary>
internal sealed record EvaluationReport(
    QualityMetrics BinaryClassificationMetrics, AucInterval AucInterval, double Cut, string CutRule, EvaluationRows Rows,
    IReadOnlyList<Slice> Slices, ChampionResult Champion, GateNumbers Gate, LeakageResult Leakage, IReadOnlyList<FeatureImportance> Importance,
    string RegisteredAs);

/// <summary>SageMaker's model-quality metrics for binary classification, and three of calibration.</summary>
internal sealed record QualityMetrics(
    Metric Auc, Metric Precision, Metric Recall, Metric Accuracy, Metric F1, Metric LogLoss, Metric Brier, Metric ExpectedCalibrationError,
    IReadOnlyDictionary<string, IReadOnlyDictionary<string, int>> ConfusionMatrix,
    RocCurve ReceiverOperatingCharacteristicCurve, PrecisionRecallCurve PrecisionRecallCurve);

/// <summary>A metric's value.</summary>
internal sealed record Metric(double Value, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? StandardDeviation = null);

/// <summary>Points of the ROC curve, from the highest cut down.</summary>
internal sealed record RocCurve(IReadOnlyList<double> FalsePositiveRates, IReadOnlyList<double> TruePositiveRates);

/// <summary>Points of the precision–recall curve, from the highest cut down.</summary>
internal sealed record PrecisionRecallCurve(IReadOnlyList<double> Precisions, IReadOnlyList<double> Recalls);

/// <summary>How many rows each part has, and groups the test rows; a row without a group counts as one.</summary>
internal sealed record EvaluationRows(int Train, int Validation, int Test, int TestGroups);

/// <summary>The test rows with one value of a category; <c>(unknown)</c> where it is not known. No AUC where they have one label.</summary>
internal sealed record Slice(
    string Feature, string Value, int Rows, double? Auc, AucInterval? AucInterval, double LogLoss, double Brier, double ExpectedCalibrationError,
    double Precision, double Recall);

/// <summary>The approved champion on the same rows; the words say why there is no AUC.</summary>
internal sealed record ChampionResult(string? ModelPackageArn, double? Auc, string Words);

/// <summary>What the gate compares.</summary>
internal sealed record GateNumbers(double Auc, double OverChampion, double ChampionMargin, string Words);

/// <summary>What the split would hide or hides.</summary>
internal sealed record LeakageResult(
    bool Detected, string Split, long ExactCopies, long CopiesAcrossSplit, long RepeatingGroups, double? GroupedAuc, double? RandomSplitAuc,
    string Words, string Metadata);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(EvaluationReport))]
internal sealed partial class EvaluationJson : JsonSerializerContext;
