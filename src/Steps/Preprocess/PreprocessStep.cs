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
    public override async Task RunAsync(StepContext context, CancellationToken cancellation)
    {
        using var duck = new Duck();
        var specification = Specification(context);
        var file = DataFile.Fitting(duck, specification, Input(context, "data/data.parquet"));
        var plan = SplitPlan.Make(duck, file, specification, context.Argument("--split"));
        var encoder = new Encoder(specification);
        Encode(duck, file, specification, encoder, plan);
        var counts = Count(duck);
        context.Log($"split {plan.Strategy}: {string.Join(", ", counts.Select(part => $"{part.Rows} {part.Name}"))}. {plan.Why}");

        cancellation.ThrowIfCancellationRequested();
        var leakage = duck.Beside(beside => Leakage.Count(beside, "encoded", counts.Sum(part => part.Rows), splits: 1)[0]);
        await WriteAsync(context, duck, encoder);
        var report = Report(specification, plan, counts, await leakage);
        AtomicFile.Write(Output(context, "encoder/encoder.json"), encoder.ToJson());
        AtomicFile.Write(Output(context, "split/split.json"), JsonSerializer.Serialize(report, StepJson.Default.SplitReport));
    }

    // Each row is hashed and encoded once, into a table that DuckDB keeps on the disk where it is large. Rows keep the
    // order of data.parquet: training is deterministic only if its rows come in one order.
    private static void Encode(Duck duck, DataFile file, DataSetSpecification specification, Encoder encoder, SplitPlan plan)
    {
        var notALabel = $"'{specification.Label.Column}' is neither '{specification.Label.Positive}' nor '{specification.Label.Negative}' in some row.";
        duck.Execute($"""
            CREATE TABLE encoded AS
            SELECT {string.Join(", ", encoder.SqlExpressions())},
                   CASE WHEN {file.IsLabelled} THEN {file.IsPositive}::UTINYINT ELSE error({Encoder.SqlText(notALabel)}) END AS __label,
                   {file.Group ?? "NULL::VARCHAR"} AS __group, {file.Identifier} AS __row, {Leakage.Columns(file, plan.PartSql)}
            FROM {file.Source}
            """);
    }

    private static List<(string Name, long Rows, long Positive)> Count(Duck duck)
    {
        var counts = duck.Rows("SELECT __part0 AS part, count(*) AS n, count(*) FILTER (WHERE __positive) AS positive FROM encoded GROUP BY part ORDER BY part")
            .Select(row => (SplitPlan.Parts[(byte)row["part"]!], (long)row["n"]!, (long)row["positive"]!)).ToList();
        var empty = SplitPlan.Parts.Except(counts.Select(part => part.Item1)).ToList();
        if (empty.Count > 0)
        {
            throw new StepFailedException(
                $"The split leaves no rows for {string.Join(" and ", empty)}; there is too little data for the shares in the specification.");
        }
        return counts;
    }

    private static SplitReport Report(
        DataSetSpecification specification, SplitPlan plan, List<(string Name, long Rows, long Positive)> counts, Leakage leakage)
    {
        var split = specification.Split;
        return new SplitReport(specification.Name, plan.Strategy, plan.Why, specification.Group, split.Seed,
            new Dictionary<string, double> { ["train"] = split.Train, ["validation"] = split.Validation, ["test"] = split.Test },
            counts.ToDictionary(part => part.Name, part => part.Rows), counts.ToDictionary(part => part.Name, part => part.Positive), leakage);
    }

    // All at once, as DuckDB writes a small file with one thread.
    private static Task WriteAsync(StepContext context, Duck duck, Encoder encoder)
    {
        var inputs = string.Join(", ", encoder.InputNames.Append("__label").Select(Encoder.SqlName).Select(name => $"{name}::FLOAT AS {name}"));
        return Task.WhenAll(SplitPlan.Parts.Select((name, part) => duck.Beside(beside =>
        {
            var path = Output(context, $"{name}/{name}.parquet");
            beside.Execute($"""
                COPY (SELECT {inputs}, __group, __row FROM encoded WHERE __part0 = {part})
                TO {Encoder.SqlText(path + ".part")} (FORMAT parquet, COMPRESSION snappy)
                """);
            AtomicFile.Commit(path + ".part", path);
            return path;
        })));
    }
}
