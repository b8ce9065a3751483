using System.Security.Cryptography;
using DuckDB.NET.Data;
using Slipway.Steps.Data;
using Slipway.Steps.StepHost;
using Slipway.Workflow.DataSets;

namespace Slipway.Steps.Extract;

/// <summary>Reads CSV files into the table <c>rows</c>, through the same reader as ingest.</summary>
internal static class CsvSource
{
    private const int MostErrors = 20;

    /// <summary>Reads all CSV files of a folder.</summary>
    /// <param name="duck">The database.</param>
    /// <param name="specification">What the columns are.</param>
    /// <param name="folder">The input's folder.</param>
    /// <param name="loadTime">The event time of rows that have none of their own.</param>
    /// <param name="cancellation">Stops the reading.</param>
    /// <returns>What was read.</returns>
    /// <exception cref="StepFailedException">There is no CSV, or some row is bad: the first are listed.</exception>
    public static IReadOnlyList<LineageObject> Read(
        Duck duck, DataSetSpecification specification, string folder, DateTimeOffset loadTime, CancellationToken cancellation)
    {
        var paths = Directory.Exists(folder) ? Directory.GetFiles(folder, "*.csv").Order(StringComparer.Ordinal).ToList() : [];
        if (paths.Count == 0)
        {
            throw new StepFailedException($"There is no .csv file in {folder}.");
        }
        if (paths.Count > 1 && specification.RecordIdentifier.IsDerived)
        {
            throw new StepFailedException(
                $"{folder} holds {paths.Count} CSV files; identifiers made from a row's content count its occurrences in one file, so give one file.");
        }
        duck.Execute($"CREATE TABLE rows ({string.Join(", ", specification.Columns.Select(column =>
            $"{Encoder.SqlName(column.Name)} {DataFile.SqlType(column.FeatureType)}"))})");
        var errors = new List<string>();
        var bad = 0L;
        using (var appender = duck.Connection.CreateAppender("rows"))
        {
            foreach (var path in paths)
            {
                bad += Append(appender, specification, path, loadTime, errors, cancellation);
            }
        }
        if (bad > 0)
        {
            throw new StepFailedException(
                $"Rows that can't be read: {bad:N0}. Their first faults:\n{string.Join('\n', errors)}");
        }
        return [.. paths.Select(Describe)];
    }

    private static long Append(DuckDBAppender appender, DataSetSpecification specification, string path,
        DateTimeOffset loadTime, List<string> errors, CancellationToken cancellation)
    {
        var bad = 0L;
        var eventTime = new RowValue(EventTimes.Format(loadTime), null);
        using var stream = File.OpenRead(path);
        try
        {
            using var rows = new CsvRows(stream, specification, Path.GetFileName(path));
            foreach (var row in rows.Read())
            {
                cancellation.ThrowIfCancellationRequested();
                if (row.Errors.Count > 0)
                {
                    bad++;
                    errors.AddRange(row.Errors.Take(MostErrors - errors.Count).Select(error => $"{Path.GetFileName(path)}, {error}"));
                    continue;
                }
                var record = appender.CreateRow();
                for (var i = 0; i < row.Values.Count; i++)
                {
                    var isLoadTime = specification.EventTime.IsLoadTime && specification.Columns[i].Role == ColumnRole.EventTime;
                    Append(record, specification.Columns[i].FeatureType, isLoadTime ? eventTime : row.Values[i]);
                }
                record.EndRow();
            }
        }
        catch (CsvException e)
        {
            throw new StepFailedException(e.Message, e);
        }
        return bad;
    }

    private static void Append(IDuckDBAppenderRow record, string featureType, RowValue value)
    {
        if (value is { Text: null, Number: null })
        {
            record.AppendNullValue();
        }
        else if (featureType == "Integral")
        {
            record.AppendValue((long?)value.Number);
        }
        else if (featureType == "Fractional")
        {
            record.AppendValue(value.Number);
        }
        else
        {
            record.AppendValue(value.Text);
        }
    }

    private static LineageObject Describe(string path)
    {
        using var stream = File.OpenRead(path);
        return new LineageObject(null, Path.GetFileName(path), null, null, stream.Length, Convert.ToHexStringLower(SHA256.HashData(stream)));
    }
}
