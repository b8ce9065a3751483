using Slipway.Steps.Reports;

namespace Slipway.Steps.Evaluate;

/// <summary>evaluation.html: the report for people.</summary>
internal static class EvaluationPage
{
    /// <summary>Draws the page.</summary>
    /// <param name="dataSet">The data set's name.</param>
    /// <param name="report">What was found.</param>
    /// <param name="calibration">Mean probability and share of label 1, by bin.</param>
    public static string Draw(string dataSet, EvaluationReport report, IReadOnlyList<(double X, double Y)> calibration)
    {
        var page = new HtmlReport($"Evaluation of the {dataSet} model");
        page.Paragraph(report.Gate.Words + ".");
        if (report.Leakage.Words.Length > 0)
        {
            page.Notice(report.Leakage.Split == "group" ? NoticeKind.Warning : NoticeKind.Error, report.Leakage.Words);
        }
        else
        {
            page.Notice(NoticeKind.Good, $"No leakage was found with the split in use ({report.Leakage.Split}).");
        }
        Metrics(page, report);
        page.Section("Curves").Charts(Charts(report, calibration));
        page.Section("Champion").Paragraph(report.Champion.Words);
        page.Section("Slices").Table(["feature", "value", "rows", "AUC", "log loss", "precision", "recall"],
            [.. report.Slices.Select(slice => (IReadOnlyList<string>)[slice.Feature, slice.Value, $"{slice.Rows:N0}", slice.Auc is { } auc ? N(auc) : "",
                N(slice.LogLoss), N(slice.Precision), N(slice.Recall)])]);
        return page.ToHtml();
    }

    private static void Metrics(HtmlReport page, EvaluationReport report)
    {
        var metrics = report.BinaryClassificationMetrics;
        page.Section("Metrics on the test rows")
            .Paragraph($"{report.Rows.Test:N0} rows that the model has not seen; {report.Rows.Train:N0} trained it, {report.Rows.Validation:N0} stopped the training and chose the cut.")
            .Table(["metric", "value"],
            [
                ["AUC", N(metrics.Auc.Value)],
                [$"AUC, {report.AucInterval.Level:P0} interval ({report.AucInterval.Method})", $"{N(report.AucInterval.Low)} to {N(report.AucInterval.High)}"],
                ["Log loss", N(metrics.LogLoss.Value)], ["Brier score", N(metrics.Brier.Value)],
                ["Expected calibration error", N(metrics.ExpectedCalibrationError.Value)],
                ["Precision", N(metrics.Precision.Value)], ["Recall", N(metrics.Recall.Value)], ["F1", N(metrics.F1.Value)], ["Accuracy", N(metrics.Accuracy.Value)],
            ])
            .Paragraph($"Precision, recall, F1 and accuracy are at the cut {N(report.Cut)}, {report.CutRule}.")
            .Table(["label", "called 0", "called 1"],
                [.. metrics.ConfusionMatrix.Select(row => (IReadOnlyList<string>)[row.Key, $"{row.Value["0"]:N0}", $"{row.Value["1"]:N0}"])]);
    }

    private static IEnumerable<SvgChart> Charts(EvaluationReport report, IReadOnlyList<(double X, double Y)> calibration)
    {
        var metrics = report.BinaryClassificationMetrics;
        var roc = metrics.ReceiverOperatingCharacteristicCurve;
        var curve = metrics.PrecisionRecallCurve;
        yield return SvgChart.Lines("ROC", "false-positive rate", "true-positive rate",
            [("model", [.. roc.FalsePositiveRates.Zip(roc.TruePositiveRates)])], diagonal: true, unit: true);
        yield return SvgChart.Lines("Precision–recall", "recall", "precision", [("model", [.. curve.Recalls.Zip(curve.Precisions)])], unit: true);
        yield return SvgChart.Lines("Calibration", "mean probability", "share of label 1", [("model", calibration)], diagonal: true, unit: true);
        var gain = Math.Max(report.Importance.Sum(input => input.Gain), double.Epsilon);
        yield return SvgChart.Bars("Importance", "share of gain", [.. report.Importance.Select(input => input.Feature)],
            [("gain", [.. report.Importance.Select(input => input.Gain / gain)])]);
    }

    private static string N(double value) => value.ToString("F4");
}
