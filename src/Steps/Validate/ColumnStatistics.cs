using System.Globalization;
using Slipway.Steps.Data;
using Slipway.Workflow.DataSets;

namespace Slipway.Steps.Validate;

/// <summary>What a column of the data holds.</summary>
/// <param name="Name">The column.</param>
/// <param name="Type"><c>Fractional</c> for a number, <c>String</c> for a category and the label.</param>
/// <param name="Present">Rows with a known value.</param>
/// <param name="Missing">Rows without.</param>
/// <param name="Unexpected">Known values outside the range or the list.</param>
/// <param name="UnexpectedExample">One of them; null where there is none.</param>
/// <param name="Number">For a number; else null.</param>
/// <param name="Values">For a category or the label: the rows of each allowed value; else null.</param>
internal sealed record ColumnStatistics(
    string Name, string Type, long Present, long Missing, long Unexpected, string? UnexpectedExample,
    NumberStatistics? Number, IReadOnlyList<ValueCount>? Values)
{
    /// <summary>The share of rows without a known value.</summary>
    public double MissingRate => Present + Missing == 0 ? 0 : (double)Missing / (Present + Missing);
}

/// <summary>A number's distribution. All is 0 where no value is known.</summary>
/// <param name="Min">The smallest value.</param>
/// <param name="Max">The largest value.</param>
/// <param name="Mean">The mean.</param>
/// <param name="Sum">The sum.</param>
/// <param name="StdDev">The standard deviation of the rows (not of a sample of them).</param>
/// <param name="Buckets">Ten equally wide buckets from the smallest to the largest value.</param>
internal sealed record NumberStatistics(
    double Min, double Max, double Mean, double Sum, double StdDev, IReadOnlyList<Bucket> Buckets);

/// <summary>Rows from a bound up to, not including, the next; the last bucket includes its upper bound.</summary>
internal sealed record Bucket(double LowerBound, double UpperBound, double Count);

/// <summary>How many rows have a value.</summary>
internal sealed record ValueCount(string Value, double Count);

/// <summary>What the data holds; each column is read once.</summary>
/// <param name="Rows">All rows.</param>
/// <param name="Positive">Rows with the positive label.</param>
/// <param name="IdentifiersMissing">Rows without an identifier.</param>
/// <param name="IdentifiersRepeated">Rows whose identifier an earlier row has.</param>
/// <param name="EventTimesMissing">Rows without an event time.</param>
/// <param name="Columns">The features in order, then the label.</param>
/// <param name="Rebinned">By column: the rows in each bucket of a baseline, the outermost open to both sides.</param>
internal sealed record DataStatistics(
    long Rows, long Positive, long IdentifiersMissing, long IdentifiersRepeated, long EventTimesMissing,
    IReadOnlyList<ColumnStatistics> Columns, IReadOnlyDictionary<string, IReadOnlyList<double>> Rebinned)
{
    private const int Buckets = 10;

    /// <summary>Counts.</summary>
    /// <param name="duck">The database.</param>
    /// <param name="file">The data.</param>
    /// <param name="specification">What the columns are.</param>
    /// <param name="baseline">Numbers are counted in this one's buckets too, for the drift; null for none.</param>
    public static DataStatistics Count(Duck duck, DataFile file, DataSetSpecification specification, Baseline? baseline)
    {
        var numbers = specification.Features.OfType<NumberFeature>().ToList();
        // Parquet's own statistics answer this without reading rows.
        var bounds = numbers.Count == 0 ? [] : duck.Row($"SELECT {string.Join(", ", numbers.SelectMany((number, i) => (string[])
            [$"min({Encoder.SqlName(number.Column)}) AS min{i}", $"max({Encoder.SqlName(number.Column)}) AS max{i}"]))} FROM {file.Source}");
        var edges = numbers.Select((number, i) => (number.Column, Edges: Edges(bounds[$"min{i}"] as double?, bounds[$"max{i}"] as double?)))
            .ToDictionary(pair => pair.Column, pair => pair.Edges, StringComparer.Ordinal);
        var rebin = numbers.Select(number => (number.Column, Edges: baseline?.Edges(number.Column)))
            .Where(pair => pair.Edges is not null).ToDictionary(pair => pair.Column, pair => pair.Edges!, StringComparer.Ordinal);

        var aggregates = new List<string>
        {
            "count(*) AS rows",
            $"count(*) FILTER (WHERE {file.IsPositive}) AS positive",
            $"count(*) - count({file.Identifier}) AS identifiers_missing",
            $"count({file.Identifier}) - count(DISTINCT hash({file.Identifier})) FILTER (WHERE {file.Identifier} IS NOT NULL) AS identifiers_repeated",
            $"count(*) - count({file.EventMicroseconds}) AS event_times_missing",
        };
        aggregates.AddRange(numbers.SelectMany((number, i) => NumberSql(i, number, edges[number.Column])));
        aggregates.AddRange(rebin.SelectMany(pair => BucketSql("r_" + pair.Key, Encoder.SqlName(pair.Key), pair.Value, open: true)));
        var row = duck.Row($"SELECT {string.Join(",\n", aggregates)} FROM {file.Source}");

        long Value(string name) => Convert.ToInt64(row[name], CultureInfo.InvariantCulture);
        var columns = specification.Features.Select(feature => feature is NumberFeature number
                ? Number(row, numbers.IndexOf(number), number, edges[number.Column])
                : Category(duck, file, Encoder.SqlName(feature.Column), feature.Column, ((CategoryFeature)feature).Values))
            .Append(Category(duck, file, $"{file.Label}::VARCHAR", specification.Label.Column, LabelValues(specification))).ToList();
        return new DataStatistics(Value("rows"), Value("positive"), Value("identifiers_missing"), Value("identifiers_repeated"),
            Value("event_times_missing"), columns, rebin.ToDictionary(pair => pair.Key,
                pair => (IReadOnlyList<double>)[.. Enumerable.Range(0, pair.Value.Count - 1).Select(b => (double)Value($"r_{pair.Key}_{b}"))],
                StringComparer.Ordinal));
    }

    private static string[] LabelValues(DataSetSpecification specification) => [specification.Label.Negative, specification.Label.Positive];

    private static List<double> Edges(double? min, double? max)
    {
        var (low, high) = min is { } a && max is { } b && double.IsFinite(a) && double.IsFinite(b) ? (a, b) : (0, 0);
        return [.. Enumerable.Range(0, Buckets).Select(i => low + ((high - low) * i / Buckets)), high];
    }

    private static IEnumerable<string> NumberSql(int i, NumberFeature number, List<double> edges)
    {
        var column = Encoder.SqlName(number.Column);
        var outside = $"NOT ({column} BETWEEN {Sql(number.Min ?? double.MinValue)} AND {Sql(number.Max ?? double.MaxValue)})";
        return
        [
            $"count({column}) AS present{i}",
            $"count(*) FILTER (WHERE {outside}) AS unexpected{i}",
            $"(min({column}) FILTER (WHERE {outside}))::VARCHAR AS example{i}",
            // Infinite values are reported as out of range; JSON can't carry what they would make of the mean.
            $"coalesce(avg({column}) FILTER (WHERE isfinite({column})), 0) AS mean{i}",
            $"coalesce(sum({column}) FILTER (WHERE isfinite({column})), 0) AS sum{i}",
            $"coalesce(stddev_pop({column}) FILTER (WHERE isfinite({column})), 0) AS deviation{i}",
            .. BucketSql($"b{i}", column, edges, open: false),
        ];
    }

    private static IEnumerable<string> BucketSql(string name, string column, IReadOnlyList<double> edges, bool open)
    {
        var last = edges.Count - 2;
        return Enumerable.Range(0, edges.Count - 1).Select(b =>
        {
            var low = open && b == 0 ? "true" : $"{column} >= {Sql(edges[b])}";
            var high = b == last ? (open ? "true" : $"{column} <= {Sql(edges[b + 1])}") : $"{column} < {Sql(edges[b + 1])}";
            return $"count(*) FILTER (WHERE {column} IS NOT NULL AND {low} AND {high}) AS {Encoder.SqlName($"{name}_{b}")}";
        });
    }

    private static ColumnStatistics Number(Dictionary<string, object?> row, int i, NumberFeature number, List<double> edges)
    {
        var present = (long)row[$"present{i}"]!;
        var buckets = Enumerable.Range(0, Buckets)
            .Select(b => new Bucket(edges[b], edges[b + 1], (long)row[$"b{i}_{b}"]!)).ToList();
        var statistics = new NumberStatistics(edges[0], edges[^1], (double)row[$"mean{i}"]!, (double)row[$"sum{i}"]!, (double)row[$"deviation{i}"]!, buckets);
        return new ColumnStatistics(number.Column, "Fractional", present, (long)row["rows"]! - present,
            (long)row[$"unexpected{i}"]!, (string?)row[$"example{i}"], statistics, null);
    }

    // Grouping reads one column once; a filter for each value would look at every row as often as there are values.
    private static ColumnStatistics Category(Duck duck, DataFile file, string sql, string name, IReadOnlyList<string> values)
    {
        var allowed = string.Join(", ", values.Select(Encoder.SqlText));
        var counts = duck.Rows($"""
            SELECT CASE WHEN value IN ({allowed}) THEN value END AS value, coalesce(value, '') = '' AS missing,
                   sum(n)::BIGINT AS n, min(value) AS example
            FROM (SELECT {sql} AS value, count(*) AS n FROM {file.Source} GROUP BY value) GROUP BY ALL
            """);
        long Sum(Func<Dictionary<string, object?>, bool> which) => counts.Where(which).Sum(row => (long)row["n"]!);
        var missing = Sum(row => row["missing"] is true);
        var unexpected = counts.FirstOrDefault(row => row["missing"] is false && row["value"] is null);
        return new ColumnStatistics(name, "String", Sum(_ => true) - missing, missing, (long?)unexpected?["n"] ?? 0,
            (string?)unexpected?["example"], null,
            [.. values.Select(value => new ValueCount(value, Sum(row => value.Equals(row["value"]))))]);
    }

    private static string Sql(double value) => $"({value.ToString("R", CultureInfo.InvariantCulture)})::DOUBLE";
}
