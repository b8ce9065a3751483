using DuckDB.NET.Data;

namespace Slipway.Workflow.DataSets.Csv;

/// <summary>What a column of a CSV looks like.</summary>
/// <param name="Header">Its header.</param>
/// <param name="Rows">All rows.</param>
/// <param name="Present">Rows with a value.</param>
/// <param name="Distinct">Different values: exact up to <see cref="CsvProfile.MostValues"/> and for an identifier in every row, about right elsewhere.</param>
/// <param name="IsUnique">True for an identifier by its name, where every row has a value of its own.</param>
/// <param name="IsNumber">True where every value is a finite number.</param>
/// <param name="IsTime">True where every value is a time and none a number.</param>
/// <param name="Min">The smallest number; null where the column is none.</param>
/// <param name="Max">The largest number; null where the column is none.</param>
/// <param name="Values">The values and their rows in order of the value; empty where there are too many to list.</param>
internal sealed record ColumnProfile(
    string Header, long Rows, long Present, long Distinct, bool IsUnique, bool IsNumber, bool IsTime,
    double? Min, double? Max, IReadOnlyList<(string Value, long Rows)> Values);

/// <summary>Profiles a CSV in streaming passes: one for its form, one for its columns, one for the columns of few values.</summary>
internal static class CsvProfile
{
    /// <summary>A text of more different values is no category.</summary>
    public const int MostValues = 50;

    /// <summary>Profiles each column.</summary>
    /// <exception cref="CsvException">The file has no header or no rows, or is not a CSV.</exception>
    public static IReadOnlyList<ColumnProfile> Of(string path)
    {
        var copy = Path.GetTempFileName();
        try
        {
            var (headers, longest) = Copy(path, copy);
            using var connection = new DuckDBConnection("DataSource=:memory:");
            connection.Open();
            // Nothing is left to DuckDB's guess: it could take the same file for another table.
            var source = $$"""
                read_csv({{Encoder.SqlText(copy)}}, auto_detect = false, header = false, delim = ',', quote = '"', escape = '"', new_line = '\n',
                    max_line_size = {{longest + 1024}}, columns = { {{string.Join(", ", headers.Select((_, i) => $"'c{i}': 'VARCHAR'"))}} })
                """;
            var first = Row(connection, $"SELECT count(*) AS n, {string.Join(",\n", headers.Select((_, i) => Aggregates(i)))} FROM {source}");
            var rows = (long)first["n"]!;
            var few = Enumerable.Range(0, headers.Length).Where(i => Count(first, $"distinct{i}") <= MostValues * 2).ToList();
            var identifiers = Enumerable.Range(0, headers.Length).Where(i => Roles.IsNamedIdentifier(headers[i]) && Count(first, $"present{i}") == rows).ToList();
            var second = Row(connection, "SELECT count(*) AS n" + string.Concat(
                few.Select(i => $", map_entries(histogram(nullif(c{i}, ''))) AS values{i}").Concat(identifiers.Select(i => $", count(DISTINCT c{i}) AS exact{i}"))) + $" FROM {source}");
            return [.. headers.Select((header, i) => Profile(header, i, rows, first, second))];
        }
        finally
        {
            File.Delete(copy);
        }
    }

    /// <summary>Copies the rows in one form, whatever theirs is, and refuses what ingest would refuse too.</summary>
    /// <returns>The header, and the bytes of the longest row.</returns>
    private static (string[] Header, long Longest) Copy(string path, string copy)
    {
        using var stream = File.OpenRead(path);
        using var reader = new CsvReader(stream, path);
        using var writer = new FileStream(copy, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16);
        var header = CsvHeader.Read(reader, path);
        CsvHeader.RefuseData(header, path, reader.Line);
        var (rows, longest) = (0L, 0L);
        while (reader.Read())
        {
            if (reader.Count != header.Length)
            {
                throw new CsvException(path, reader.Line, CsvHeader.Ragged(reader.Count, header.Length));
            }
            if (reader.FindIllegible() is var (field, what))
            {
                throw new CsvException(path, reader.Line, $"'{header[field]}' {what}");
            }
            longest = Math.Max(longest, CsvWriter.Write(writer, reader.ToArray()));
            rows++;
        }
        return rows > 0 ? (header, longest) : throw new CsvException(path, 1, "the file has a header and no rows.");
    }

    private static string Aggregates(int i) => $"""
        count(nullif(c{i}, '')) AS present{i}, approx_count_distinct(nullif(c{i}, '')) AS distinct{i},
        count(*) FILTER (WHERE isfinite(try_cast(c{i} AS DOUBLE))) AS numbers{i},
        count(try_cast(c{i} AS TIMESTAMPTZ)) AS times{i},
        min(try_cast(c{i} AS DOUBLE)) AS min{i}, max(try_cast(c{i} AS DOUBLE)) AS max{i}
        """;

    private static ColumnProfile Profile(
        string header, int i, long rows, Dictionary<string, object?> first, Dictionary<string, object?> second)
    {
        var present = Count(first, $"present{i}");
        var values = second.TryGetValue($"values{i}", out var histogram) && histogram is not null ? Values(histogram) : [];
        var isNumber = present > 0 && Count(first, $"numbers{i}") == present;
        var exact = second.TryGetValue($"exact{i}", out var counted) ? (long)counted! : (long?)null;
        return new ColumnProfile(header, rows, present, exact ?? (values.Count > 0 ? values.Count : Count(first, $"distinct{i}")), exact == rows, isNumber,
            !isNumber && present > 0 && Count(first, $"times{i}") == present,
            isNumber ? (double)first[$"min{i}"]! : null, isNumber ? (double)first[$"max{i}"]! : null,
            values.Count > MostValues ? [] : values);
    }

    private static List<(string Value, long Rows)> Values(object histogram) => [.. ((System.Collections.IEnumerable)histogram)
        .Cast<Dictionary<string, object>>()
        .Select(entry => ((string)entry["key"], Convert.ToInt64(entry["value"], System.Globalization.CultureInfo.InvariantCulture)))
        .OrderBy(pair => pair.Item1, StringComparer.Ordinal)];

    private static long Count(Dictionary<string, object?> row, string name) =>
        Convert.ToInt64(row[name], System.Globalization.CultureInfo.InvariantCulture);

    private static Dictionary<string, object?> Row(DuckDBConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        reader.Read();
        return Enumerable.Range(0, reader.FieldCount).ToDictionary(
            reader.GetName, i => reader.IsDBNull(i) ? null : reader.GetValue(i), StringComparer.Ordinal);
    }
}
