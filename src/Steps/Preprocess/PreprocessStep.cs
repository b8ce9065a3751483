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
        var encoder = new Encoder(specification);
        Encode(duck, file, specification, encoder, plan);
        var report = Report(duck, specification, plan);
        context.Log($"split {plan.Strategy}: {string.Join(", ", report.Rows.Select(part => $"{part.Value} {part.Key}"))}. {plan.Why}");

        for (var part = 0; part < SplitPlan.Parts.Length; part++)
        {
            cancellation.ThrowIfCancellationRequested();
            var name = SplitPlan.Parts[part];
            Write(duck, encoder, part, Output(context, $"{name}/{name}.parquet"));
        }
        AtomicFile.Write(Output(context, "encoder/encoder.json"), encoder.ToJson());
        AtomicFile.Write(Output(context, "split/split.json"), JsonSerializer.Serialize(report, StepJson.Default.SplitReport));
        return Task.CompletedTask;
    }

    // Each row is hashed and encoded once, into a table that DuckDB keeps on the disk where it is large. Rows keep the
    // order of data.parquet: training is deterministic only if its rows come in one order.
    private static void Encode(Duck duck, DataFile file, DataSetSpecification specification, Encoder encoder, SplitPlan plan)
    {
        var notALabel = $"'{specification.Label.Column}' is neither '{specification.Label.Positive}' nor '{specification.Label.Negative}' in some row.";
        duck.Execute($"""
            CREATE TEMP TABLE encoded AS
            SELECT {string.Join(", ", encoder.SqlExpressions())},
                   CASE WHEN {file.IsLabelled} THEN {file.IsPositive}::INT::FLOAT ELSE error({Encoder.SqlText(notALabel)}) END AS __label,
                   {file.Group ?? "NULL::VARCHAR"} AS __group, {file.Identifier} AS __row, {Leakage.Columns(file, plan.PartSql)}
            FROM {file.Source}
            """);
    }

    private static SplitReport Report(Duck duck, DataSetSpecification specification, SplitPlan plan)
    {
        var counts = duck.Rows("SELECT __part0 AS part, count(*) AS n, count(*) FILTER (WHERE __positive) AS positive FROM encoded GROUP BY part")
            .ToDictionary(row => SplitPlan.Parts[(byte)row["part"]!], StringComparer.Ordinal);
        var empty = SplitPlan.Parts.Where(part => !counts.ContainsKey(part)).ToList();
        if (empty.Count > 0)
        {
            throw new StepFailedException(
                $"The split leaves no rows for {string.Join(" and ", empty)}; there is too little data for the shares in the specification.");
        }
        var split = specification.Split;
        return new SplitReport(specification.Name, plan.Strategy, plan.Why, specification.Group, split.Seed,
            new Dictionary<string, double> { ["train"] = split.Train, ["validation"] = split.Validation, ["test"] = split.Test },
            SplitPlan.Parts.ToDictionary(part => part, part => (long)counts[part]["n"]!),
            SplitPlan.Parts.ToDictionary(part => part, part => (long)counts[part]["positive"]!),
            Leakage.Count(duck, "encoded", 1)[0]);
    }

    private static void Write(Duck duck, Encoder encoder, int part, string path)
    {
        var temporary = path + ".part";
        duck.Execute($"""
            COPY (SELECT {string.Join(", ", encoder.InputNames.Select(Encoder.SqlName))}, __label, __group, __row FROM encoded WHERE __part0 = {part})
            TO {Encoder.SqlText(temporary)} (FORMAT parquet, COMPRESSION snappy)
            """);
        AtomicFile.Commit(temporary, path);
    }
}
