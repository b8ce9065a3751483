using System.Globalization;
using Slipway.Steps.Reports;

namespace Slipway.Steps.Validate;

/// <summary>validation.html.</summary>
internal static class ValidationPage
{
    /// <summary>The page.</summary>
    public static string Of(ValidationReport report)
    {
        var page = new HtmlReport($"Validation of {report.DataSet}");
        page.Notice(report.Passed ? NoticeKind.Good : NoticeKind.Error, report.Passed
            ? $"{Number(report.Rows)} rows can be used."
            : $"The data can't be used: {report.Findings.Count(finding => finding.Severity == "error")} errors.");
        foreach (var finding in report.Findings)
        {
            page.Notice(finding.Severity == "error" ? NoticeKind.Error : NoticeKind.Warning, finding.Message);
        }
        if (report.Columns.Count > 0)
        {
            Columns(page, report);
        }
        if (report is { Split: { } split, RandomSplit: { } random })
        {
            page.Section("Split").Paragraph($"{split.Strategy}: {split.Why}");
            page.Table(["", $"split used ({split.Strategy})", "random split"],
            [
                ["rows that are exact copies", Number(split.Leakage.ExactCopies), Number(random.ExactCopies)],
                ["held-out rows whose copy is trained on", Number(split.Leakage.CopiesAcrossSplit), Number(random.CopiesAcrossSplit)],
                ["groups", Number(split.Leakage.Groups), Number(random.Groups)],
                ["groups of more than one row", Number(split.Leakage.RepeatingGroups), Number(random.RepeatingGroups)],
                ["of these, with one label on all rows", Number(split.Leakage.RepeatingGroupsOfOneLabel), Number(random.RepeatingGroupsOfOneLabel)],
                ["groups on both sides", Number(split.Leakage.GroupsAcrossSplit), Number(random.GroupsAcrossSplit)],
                ["held-out rows whose group is trained on", Number(split.Leakage.RowsOfGroupsAcrossSplit), Number(random.RowsOfGroupsAcrossSplit)],
            ]);
        }
        if (report.Drift is { } drift)
        {
            page.Section("Drift").Paragraph(drift.Words);
            if (drift.Columns.Count > 0)
            {
                page.Charts([SvgChart.Bars("Drift since the champion", "population stability index (0: no change)",
                    [.. drift.Columns.Select(c => (c.Name, Math.Round(c.Psi, 4)))], ($"large above {Text(Drift.Threshold)}", Drift.Threshold))]);
            }
        }
        return page.ToHtml();
    }

    private static void Columns(HtmlReport page, ValidationReport report)
    {
        page.Section("Columns").Table(["column", "known", "missing", "smallest", "mean", "largest", "not allowed"],
        [
            .. report.Columns.Select(column => (string[])
            [
                column.Name, Number(column.Present), column.MissingRate.ToString("0.0 %", CultureInfo.InvariantCulture),
                Text(column.Number?.Min), Text(column.Number?.Mean), Text(column.Number?.Max), Number(column.Unexpected),
            ]),
        ]);
        page.Charts(report.Columns.Select(Distribution));
        page.Charts([SvgChart.Bars("Missing values", "percent of the rows", [.. report.Columns.Select(column => (column.Name, Math.Round(100 * column.MissingRate, 1)))])]);
    }

    private static SvgChart Distribution(ColumnStatistics column) => column.Number is { Buckets.Count: > 0 } number
        ? SvgChart.Histogram(column.Missing == 0 ? column.Name : $"{column.Name}, where known (missing in {Number(column.Missing)} rows)", column.Name, "rows",
            [.. number.Buckets.Select(bucket => (bucket.LowerBound, bucket.UpperBound, bucket.Count))])
        : SvgChart.Bars(column.Name, "rows", [.. (column.Values ?? []).Select(value => (value.Value, value.Count)), ("(missing)", column.Missing)]);

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Text(double? value) => value?.ToString("0.##", CultureInfo.InvariantCulture) ?? "";
}
