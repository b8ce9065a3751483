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
/// <param name="GroupsMissing">Rows without a value in the group column.</param>
/// <param name="WithoutGroup">The identifiers of some of them, in their order.</param>
/// <param name="Columns">The features in order, then the label.</param>
/// <param name="Rebinned">By column: the rows in each bucket of a baseline, the outermost open to both sides.</param>
internal sealed record DataStatistics(
    long Rows, long Positive, long IdentifiersMissing, long IdentifiersRepeated, long EventTimesMissing,
    long GroupsMissing, IReadOnlyList<string> WithoutGroup, IReadOnlyList<ColumnStatistics> Columns, IReadOnlyDictionary<string, IReadOnlyList<double>> Rebinned)
{
    private const int Buckets = 10;
    private const int MostExamples = 3;

    /// <summary>Counts.</summary>
    /// <param name="duck">The database.</param>
    /// <param name="file">The data.</param>
    /// <param name="specification">What the columns are.</param>
    /// <param name="find">Gives the baseline in whose buckets numbers are counted too, for the drift; null for none.</param>
    public static async Task<DataStatistics> CountAsync(
        Duck duck, DataFile file, DataSetSpecification specification, Func<Task<Baseline?>> find)
    {
        // one thread compares each identifier with the one before
        var identifiers = duck.Beside(beside => CountIdentifiers(beside, file));
        var categories = specification.Features.OfType<CategoryFeature>().ToDictionary(feature => feature.Column,
            feature => Category(duck, file, Encoder.SqlName(feature.Column), feature.Column, feature.Values), StringComparer.Ordinal);
        var label = Category(duck, file, file.Label, specification.Label.Column, LabelValues(specification));
        var timesMissing = CountTimesMissing(duck, file, specification);
        var baseline = await find();
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
        };
        aggregates.AddRange(numbers.SelectMany((number, i) => NumberSql(i, number, edges[number.Column])));
        aggregates.AddRange(rebin.SelectMany(pair => BucketSql("r_" + pair.Key, Encoder.SqlName(pair.Key), pair.Value, open: true)));
        var row = duck.Row($"SELECT {string.Join(",\n", aggregates)} FROM {file.Source}");

        var columns = specification.Features.Select(feature => feature is NumberFeature number
                ? Number(row, numbers.IndexOf(number), number, edges[number.Column]) : categories[feature.Column])
            .Append(label).ToList();
        var (missing, repeated) = await identifiers;
        var (groupsMissing, withoutGroup) = specification.Group is { } group && group != specification.RecordIdentifier.Column ? CountGroupsMissing(duck, file) : (0, []);
        return new DataStatistics(
            (long)row["rows"]!, (long)row["positive"]!, missing, repeated, timesMissing, groupsMissing, withoutGroup, columns, rebin.ToDictionary(pair => pair.Key,
                pair => (IReadOnlyList<double>)[.. Enumerable.Range(0, pair.Value.Count - 1).Select(b => (double)InBucket(row, "r_" + pair.Key, b))],
                StringComparer.Ordinal));
    }

    private static (long Missing, long Repeated) CountIdentifiers(Duck duck, DataFile file)
    {
        // Where each row has a greater identifier than the row before, as extract writes them, none repeats.
        var order = duck.Row($"""
            SELECT count(*) AS rows, count(identifier) AS known, coalesce(count_if(previous < identifier), 0)::BIGINT AS ascending
            FROM (SELECT {file.Identifier} AS identifier, lag({file.Identifier}) OVER () AS previous FROM {file.Source})
            """);
        var (rows, known) = ((long)order["rows"]!, (long)order["known"]!);
        return (rows - known, (long)order["ascending"]! >= rows - 1 ? 0 : (long)duck.Row($"""
            SELECT count({file.Identifier}) - count(DISTINCT hash({file.Identifier})) FILTER (WHERE {file.Identifier} IS NOT NULL) AS repeated
            FROM {file.Source}
            """)["repeated"]!);
    }

    private static (long Missing, IReadOnlyList<string> Identifiers) CountGroupsMissing(Duck duck, DataFile file)
    {
        var isMissing = $"coalesce({file.Group}, '') = ''";
        var missing = (long)duck.Row($"SELECT count_if({isMissing})::BIGINT AS missing FROM {file.Source}")["missing"]!;
        return (missing, missing == 0 ? [] : [.. duck.Rows($"SELECT {file.Identifier} AS identifier FROM {file.Source} WHERE {isMissing} ORDER BY identifier LIMIT {MostExamples}")
            .Select(row => (string?)row["identifier"] ?? "")]);
    }

    private static long CountTimesMissing(Duck duck, DataFile file, DataSetSpecification specification)
    {
        var column = Encoder.SqlName(specification.EventTime.Column);
        // Loads give few times; reading the text of a time costs more than counting its rows.
        var times = specification.EventTime.IsLoadTime
            ? $"SELECT {column}, count(*) AS n FROM {file.Source} GROUP BY {column}" : $"SELECT {column}, 1 AS n FROM {file.Source}";
        return (long)duck.Row($"SELECT coalesce(sum(n) FILTER (WHERE {file.EventMicroseconds} IS NULL), 0)::BIGINT AS missing FROM ({times})")["missing"]!;
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

    // The rows from each edge on; a bucket's are those from its lower edge less those from its upper. A filter for each bucket
    // would take four times as long.
    private static IEnumerable<string> BucketSql(string name, string column, IReadOnlyList<double> edges, bool open)
    {
        var last = edges.Count - 1;
        return edges.Select((edge, i) =>
        {
            var count = open && i == 0 ? $"count({column})" : open && i == last ? "0"
                : $"coalesce(count_if({column} {(i == last ? ">" : ">=")} {Sql(edge)}), 0)";
            return $"{count}::BIGINT AS {Encoder.SqlName($"{name}_{i}")}";
        });
    }

    private static long InBucket(Dictionary<string, object?> row, string name, int bucket) =>
        (long)row[$"{name}_{bucket}"]! - (long)row[$"{name}_{bucket + 1}"]!;

    private static ColumnStatistics Number(Dictionary<string, object?> row, int i, NumberFeature number, List<double> edges)
    {
        var present = (long)row[$"present{i}"]!;
        var buckets = Enumerable.Range(0, Buckets)
            .Select(b => new Bucket(edges[b], edges[b + 1], InBucket(row, $"b{i}", b))).ToList();
        var statistics = new NumberStatistics(edges[0], edges[^1], (double)row[$"mean{i}"]!, (double)row[$"sum{i}"]!, (double)row[$"deviation{i}"]!, buckets);
        return new ColumnStatistics(number.Column, "Fractional", present, (long)row["rows"]! - present,
            (long)row[$"unexpected{i}"]!, (string?)row[$"example{i}"], statistics, null);
    }

    // Grouping reads one column once; a filter for each value would look at every row as often as there are values.
    private static ColumnStatistics Category(Duck duck, DataFile file, string column, string name, IReadOnlyList<string> values)
    {
        var allowed = string.Join(", ", values.Select(Encoder.SqlText));
        var counts = duck.Rows($"""
            SELECT CASE WHEN value IN ({allowed}) THEN value END AS value, coalesce(value, '') = '' AS missing,
                   sum(n)::BIGINT AS n, min(value) AS example
            FROM (SELECT {column}::VARCHAR AS value, count(*) AS n FROM {file.Source} GROUP BY {column}) GROUP BY ALL
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
