using System.Text.Json;
using Slipway.Steps.Data;
using Slipway.Steps.StepHost;
using Slipway.Workflow.DataSets;

namespace Slipway.Steps.Validate;

/// <summary>Checks data.parquet against the specification, its split and the champion's baseline (docs/steps.md).</summary>
internal sealed class ValidateStep : ProcessingStep
{
    /// <inheritdoc/>
    public override string Verb => "validate";

    /// <inheritdoc/>
    public override string Summary => "checks data.parquet [--split specification|auto|random|time]";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Arguments => ["--split"];

    /// <inheritdoc/>
    public override async Task RunAsync(StepContext context, CancellationToken cancellation)
    {
        using var duck = new Duck();
        var specification = Specification(context);
        // AWS is asked while rows are counted
        var champion = Task.Run(() => ChampionBaseline.FindAsync(context, cancellation), cancellation);
        var file = new DataFile(duck, specification, Input(context, "data/data.parquet"));
        var findings = new Findings();
        findings.Schema(file);
        var data = file.Problems.Count > 0 ? null : await DataStatistics.CountAsync(duck, file, specification, async () => (await champion).Baseline);
        var (baseline, source, words) = await champion;
        if (data is not null)
        {
            findings.Values(data, specification);
        }
        // A split of rows that can't be used would only add errors that follow from the first.
        var report = data is null || HasErrors(findings)
            ? Report(specification, findings, data)
            : Split(duck, file, specification, context.Argument("--split"), findings, data) with
            {
                Drift = baseline is null ? new Drift(null, words, []) : Drift.Of(data, baseline, source!),
            };
        if (report.Drift is { } drift)
        {
            findings.Moved(drift);
            report = report with { Findings = findings.All };
        }
        Write(context, specification, report, data);
        Judge(context, report);
    }

    private static ValidationReport Split(
        Duck duck, DataFile file, DataSetSpecification specification, string? requested, Findings findings, DataStatistics data)
    {
        var plan = SplitPlan.Make(duck, file, specification, requested);
        var random = plan.Strategy == "random" ? plan.PartSql : SplitPlan.ComparisonSql(file, specification.Split);
        var leakage = Leakage.Count(duck, $"(SELECT {Leakage.Columns(file, plan.PartSql, random)} FROM {file.Source})", data.Rows, splits: 2);
        findings.Leakage(leakage[0], leakage[1], plan.Strategy, data, specification);
        return Report(specification, findings, data) with
        {
            Split = new ValidationSplit(plan.Strategy, plan.Why, leakage[0]),
            RandomSplit = leakage[1],
        };
    }

    private static ValidationReport Report(DataSetSpecification specification, Findings findings, DataStatistics? data) => new(
        specification.Name, !HasErrors(findings), data?.Rows ?? 0, data is { Rows: > 0 } ? (double)data.Positive / data.Rows : 0,
        findings.All, data?.Columns ?? [], null, null, null);

    private static bool HasErrors(Findings findings) => findings.All.Any(finding => finding.Severity == "error");

    private static void Write(StepContext context, DataSetSpecification specification, ValidationReport report, DataStatistics? data)
    {
        AtomicFile.Write(Output(context, "report/validation.json"), JsonSerializer.Serialize(report, StepJson.Default.ValidationReport));
        AtomicFile.Write(Output(context, "report/validation.html"), ValidationPage.Of(report));
        if (data is not null)
        {
            AtomicFile.Write(Output(context, "baseline/statistics.json"), Baseline.Statistics(data));
            AtomicFile.Write(Output(context, "baseline/constraints.json"), Baseline.Constraints(data, specification));
        }
    }

    private static void Judge(StepContext context, ValidationReport report)
    {
        foreach (var finding in report.Findings)
        {
            context.Log($"{finding.Severity}: {finding.Message}");
        }
        if (!report.Passed)
        {
            throw new StepFailedException("The data can't be used. "
                + string.Join(' ', report.Findings.Where(finding => finding.Severity == "error").Select(finding => finding.Message)));
        }
        context.Log($"{report.Rows} rows can be used");
    }
}
