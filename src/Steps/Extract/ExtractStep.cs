using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Slipway.Steps.Data;
using Slipway.Steps.StepHost;
using Slipway.Workflow.DataSets;
using Slipway.Workflow.DataSets.Rows;

namespace Slipway.Steps.Extract;

/// <summary>Writes data.parquet, the newest record of each identifier as of a point in time, and lineage.json (docs/steps.md).</summary>
internal sealed class ExtractStep : ProcessingStep
{
    private const int HashedAtOnce = 1 << 20;

    private const int MostTexts = 255;

    /// <inheritdoc/>
    public override string Verb => "extract";

    /// <inheritdoc/>
    public override string Summary => "reads the rows [--source offline-store|csv] [--as-of TIME|now]";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Arguments => ["--source", "--as-of"];

    /// <inheritdoc/>
    public override async Task RunAsync(StepContext context, CancellationToken cancellation)
    {
        using var duck = new Duck();
        var reading = Task.Run(() => Specification(context), cancellation);
        var asOf = AsOf(context);
        var source = context.Argument("--source") ?? "offline-store";
        var (featureGroup, objects) = source switch
        {
            "csv" when context.Variable("EXTERNAL_CSV_URI") is { } external => (null, await ExternalCsv.ReadAsync(duck, await reading, context, external, cancellation)),
            "csv" => ((string?)null, CsvSource.Read(duck, await reading, Path.Combine(context.Root, "processing", "input", "csv"), asOf, cancellation)),
            "offline-store" => await OfflineStoreSource.ReadAsync(duck, reading, context, cancellation),
            _ => throw new StepFailedException($"--source must be offline-store or csv; it is '{source}'."),
        };
        var path = Output(context, "data/data.parquet");
        await WriteAsync(duck, await reading, asOf, path);
        var rows = (long)duck.Row($"SELECT count(*) AS n FROM read_parquet({Encoder.SqlText(path)})")["n"]!;
        if (rows == 0)
        {
            throw new StepFailedException($"There are no rows as of {EventTimes.Format(asOf)}.");
        }
        // the hash asks for 4 KB at a time, and each of them would go to a thread of its own
        using var data = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, HashedAtOnce);
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(data));
        var uri = await DataPlace.KeepAsync(context, path, sha256, cancellation);
        AtomicFile.Write(Output(context, "lineage/lineage.json"), JsonSerializer.Serialize(
            new Lineage(EventTimes.Format(asOf), source, featureGroup, new LineageData(rows, sha256, uri), objects), StepJson.Default.Lineage));
        context.Log($"extracted {rows} rows from {objects.Count} {(source == "csv" ? "files" : "objects")} as of {EventTimes.Format(asOf)}");
    }

    private static DateTimeOffset AsOf(StepContext context)
    {
        if (context.Argument("--as-of") is not { } text || text == "now")
        {
            return context.Environment.Time.GetUtcNow();
        }
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time : throw new StepFailedException($"--as-of must be a time like 2026-01-31T23:59:59Z; it is '{text}'.");
    }

    /// <summary>Writes the newest rows of <c>rows</c>, a table or view with the specification's columns and, from the offline store, three of its own.</summary>
    internal static async Task WriteAsync(Duck duck, DataSetSpecification specification, DateTimeOffset asOf, string path)
    {
        var identifier = Encoder.SqlName(specification.RecordIdentifier.Column);
        var system = duck.Rows("SELECT column_name FROM (DESCRIBE rows) WHERE column_name = 'api_invocation_time'").Count > 0;
        var time = DataFile.EventTime(specification);
        var microseconds = (asOf.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) / TimeSpan.TicksPerMicrosecond;
        // Where no identifier comes twice there is no newest row to look for, which is most of the work. A hash stands for an
        // identifier: two that share one only lead to the search.
        // Those made from a CSV's rows count the occurrences of a content, and never do.
        var repeats = system || !specification.RecordIdentifier.IsDerived
            ? duck.Beside(beside => HashedRows.Repeat(beside, "rows", identifier)) : Task.FromResult(false);
        // Sorting moves whole rows, of which a text takes 16 bytes and more, and an ENUM one.
        var narrow = system ? FewTexts(duck, specification) : null;
        var newest = await repeats
            ? $"QUALIFY row_number() OVER (PARTITION BY {identifier} ORDER BY {time} DESC{(system ? ", api_invocation_time DESC, write_time DESC" : "")}) = 1" : "";
        var sorted = specification.Columns.Select(column => narrow is null ? Encoder.SqlName(column.Name) : Cast(column.Name, narrow.GetValueOrDefault(column.Name, StagedSql.Type(column.FeatureType))));
        var written = specification.Columns.Select(column => Cast(column.Name, StagedSql.Type(column.FeatureType)));
        // With zstd's first level this takes a fifth less time than with its usual one, and such files came out smaller too.
        // Event times are compared as times: as texts, 12:00:00.500Z sorts before 12:00:00Z.
        duck.Execute($"""
            COPY (SELECT {string.Join(", ", written)} FROM (
                    SELECT {string.Join(", ", sorted)} FROM (
                      SELECT * FROM rows WHERE {time} <= {microseconds}
                      {newest})
                    {(system ? "WHERE NOT is_deleted" : "")}
                    ORDER BY {identifier}))
            TO {Encoder.SqlText(path + ".part")} (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)
            """);
        AtomicFile.Commit(path + ".part", path);
    }

    private static string Cast(string column, string type) => $"{Encoder.SqlName(column)}::{type} AS {Encoder.SqlName(column)}";

    // An ENUM of its texts for each column that has few. SQL can't hold a NUL.
    private static Dictionary<string, string> FewTexts(Duck duck, DataSetSpecification specification) => specification.Features
        .OfType<CategoryFeature>().Select(feature => feature.Column)
        .Concat(specification.EventTime.IsLoadTime ? [specification.EventTime.Column] : [])
        .Select(column => (Column: column, Texts: duck.Rows(
                $"SELECT DISTINCT {Encoder.SqlName(column)} AS text FROM rows WHERE {Encoder.SqlName(column)} IS NOT NULL LIMIT {MostTexts + 1}")
            .Select(row => (string)row["text"]!).ToList()))
        .Where(few => few.Texts.Count is > 0 and <= MostTexts && !few.Texts.Exists(text => text.Contains('\0', StringComparison.Ordinal)))
        .ToDictionary(few => few.Column, few => CsvSource.Enum(few.Texts), StringComparer.Ordinal);
}
