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
        Slices(page, report);
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
        var positives = metrics.ConfusionMatrix["1"].Values.Sum();
        yield return SvgChart.Curve("ROC", "false-positive rate", "true-positive rate", $"model, AUC {metrics.Auc.Value:F3}",
            [.. roc.FalsePositiveRates.Zip(roc.TruePositiveRates)], ("by chance", 0, 1));
        yield return SvgChart.Curve("Precision–recall", "recall", "precision", "model", [.. curve.Recalls.Zip(curve.Precisions)],
            ("by chance: the share of label 1", (double)positives / report.Rows.Test, (double)positives / report.Rows.Test));
        yield return SvgChart.Curve("Calibration, in ten bins of probability", "mean probability in the bin", "share of label 1 in the bin", "model", calibration,
            ("perfectly calibrated", 0, 1), dots: true);
        var gain = Math.Max(report.Importance.Sum(input => input.Gain), double.Epsilon);
        yield return SvgChart.Bars("Importance of the inputs", "share of the total gain of all splits",
            [.. report.Importance.OrderByDescending(input => input.Gain).Select(input => (input.Feature, Math.Round(input.Gain / gain, 3)))]);
    }

    private static void Slices(HtmlReport page, EvaluationReport report) => page.Section("Slices")
        .Paragraph("The test rows by each value of each categorical feature. Where all rows of a slice have one label there is no AUC.")
        .Table(["feature", "value", "rows", "AUC", $"{report.AucInterval.Level:P0} interval", "log loss", "Brier score", "calibration error", "precision", "recall"],
            [.. report.Slices.Select(slice => (IReadOnlyList<string>)[
                slice.Feature, slice.Value, $"{slice.Rows:N0}", slice.Auc is { } auc ? N(auc) : "",
                slice.AucInterval is { } interval ? $"{N(interval.Low)} to {N(interval.High)}" : "", N(slice.LogLoss), N(slice.Brier),
                N(slice.ExpectedCalibrationError), N(slice.Precision), N(slice.Recall)])]);

    private static string N(double value) => value.ToString("F4");
}
