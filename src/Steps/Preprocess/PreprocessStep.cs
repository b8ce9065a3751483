using System.Text.Json;
using Slipway.Steps.Data;
using Slipway.Steps.StepHost;
using Slipway.Workflow.DataSets;

namespace Slipway.Steps.Preprocess;

/// <summary>Splits the rows, encodes them and writes train, validation and test (docs/steps.md).</summary>
internal sealed class PreprocessStep : ProcessingStep
{
    /// <inheritdoc/>
    public override string Verb => "preprocess";

    /// <inheritdoc/>
    public override string Summary => "splits and encodes data.parquet [--split specification|auto|random|time]";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Arguments => ["--split"];

    /// <inheritdoc/>
    public override Task RunAsync(StepContext context, CancellationToken cancellation)
    {
        var specification = Specification(context);
        using var duck = new Duck();
        var file = DataFile.Fitting(duck, specification, Input(context, "data/data.parquet"));
        var plan = SplitPlan.Make(duck, file, specification, context.Argument("--split"));
        var report = Report(duck, file, specification, plan);
        context.Log($"split {plan.Strategy}: {string.Join(", ", report.Rows.Select(part => $"{part.Value} {part.Key}"))}. {plan.Why}");

        var encoder = new Encoder(specification);
        for (var part = 0; part < SplitPlan.Parts.Length; part++)
        {
            cancellation.ThrowIfCancellationRequested();
            var name = SplitPlan.Parts[part];
            Write(duck, file, encoder, $"{plan.PartSql} = {part}", Output(context, $"{name}/{name}.parquet"));
        }
        AtomicFile.Write(Output(context, "encoder/encoder.json"), encoder.ToJson());
        AtomicFile.Write(Output(context, "split/split.json"), JsonSerializer.Serialize(report, StepJson.Default.SplitReport));
        return Task.CompletedTask;
    }

    private static SplitReport Report(Duck duck, DataFile file, DataSetSpecification specification, SplitPlan plan)
    {
        var counts = duck.Rows($"""
            SELECT {plan.PartSql} AS part, count(*) AS n, count(*) FILTER (WHERE {file.IsPositive}) AS positive,
                   count(*) FILTER (WHERE NOT coalesce({file.IsLabelled}, false)) AS unlabelled
            FROM {file.Source} GROUP BY part
            """).ToDictionary(row => SplitPlan.Parts[(int)row["part"]!], StringComparer.Ordinal);
        var empty = SplitPlan.Parts.Where(part => !counts.ContainsKey(part)).ToList();
        if (empty.Count > 0)
        {
            throw new StepFailedException(
                $"The split leaves no rows for {string.Join(" and ", empty)}; there is too little data for the shares in the specification.");
        }
        if (counts.Values.Any(row => (long)row["unlabelled"]! > 0))
        {
            throw new StepFailedException(
                $"Some rows have neither '{specification.Label.Positive}' nor '{specification.Label.Negative}' in the label '{specification.Label.Column}'.");
        }
        var split = specification.Split;
        return new SplitReport(specification.Name, plan.Strategy, plan.Why, specification.Group, split.Seed,
            new Dictionary<string, double> { ["train"] = split.Train, ["validation"] = split.Validation, ["test"] = split.Test },
            SplitPlan.Parts.ToDictionary(part => part, part => (long)counts[part]["n"]!),
            SplitPlan.Parts.ToDictionary(part => part, part => (long)counts[part]["positive"]!),
            Leakage.Count(duck, file, plan.PartSql)[0]);
    }

    // Rows keep the order of data.parquet: training is deterministic only if its rows come in one order.
    private static void Write(Duck duck, DataFile file, Encoder encoder, string where, string path)
    {
        var temporary = path + ".part";
        duck.Execute($"""
            COPY (SELECT {string.Join(", ", encoder.SqlExpressions())},
                         {file.IsPositive}::INT::FLOAT AS __label, {file.Group ?? "NULL::VARCHAR"} AS __group, {file.Identifier} AS __row
                  FROM {file.Source} WHERE {where})
            TO {Encoder.SqlText(temporary)} (FORMAT parquet, COMPRESSION snappy)
            """);
        AtomicFile.Commit(temporary, path);
    }
}
