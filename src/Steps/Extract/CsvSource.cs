using System.Security.Cryptography;
using Slipway.Steps.Data;
using Slipway.Steps.StepHost;
using Slipway.Workflow.DataSets;
using Slipway.Workflow.DataSets.Csv;
using Slipway.Workflow.DataSets.Rows;

namespace Slipway.Steps.Extract;

/// <summary>Reads CSV files into the table <c>rows</c>, through the same reader as ingest.</summary>
internal static class CsvSource
{
    private const int MostErrors = 20;

    // DuckDB reads a file with one thread
    private const int RowsOfFile = 100_000;

    private const int ManyRows = 2_000_000;

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
        var describing = Task.Run(() => paths.Select(Describe).ToList(), cancellation);
        var files = Stage(duck, specification, paths, cancellation);
        if (files.Sum(file => (long)file.Rows) > ManyRows)
        {
            // what counted the rows' contents, 200 MB and more, is needed no longer; DuckDB, whose memory the collector does not see, is about to take as much
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        }
        CreateView(duck, specification, files, EventTimes.Format(loadTime));
        return describing.GetAwaiter().GetResult();
    }

    private static IReadOnlyList<StagedFile> Stage(Duck duck, DataSetSpecification specification, List<string> paths, CancellationToken cancellation)
    {
        var errors = new List<string>();
        using var staged = new StagedRows(specification, duck.Scratch, RowsOfFile);
        var bad = paths.Sum(path => Stage(staged, specification, path, errors, cancellation));
        return bad == 0 ? staged.Finish()
            : throw new StepFailedException($"Rows that can't be read: {bad:N0}. Their first faults:\n{string.Join('\n', errors)}");
    }

    private static long Stage(StagedRows staged, DataSetSpecification specification, string path, List<string> errors, CancellationToken cancellation)
    {
        var bad = 0L;
        using var stream = File.OpenRead(path);
        try
        {
            using var rows = new CsvRows(stream, specification, Path.GetFileName(path));
            while (rows.Read(staged.Batch))
            {
                cancellation.ThrowIfCancellationRequested();
                if (rows.Errors.Count > 0)
                {
                    bad++;
                    errors.AddRange(rows.Errors.Take(MostErrors - errors.Count).Select(error => $"{Path.GetFileName(path)}, {error}"));
                }
                else
                {
                    staged.Added();
                }
            }
        }
        catch (CsvException e)
        {
            throw new StepFailedException(e.Message, e);
        }
        return bad;
    }

    private static void CreateView(Duck duck, DataSetSpecification specification, IReadOnlyList<StagedFile> files, string loadTime)
    {
        if (files.Count == 0)
        {
            throw new StepFailedException($"There are no rows as of {loadTime}.");
        }
        // Rows that were checked have no other texts, and an ENUM is sorted with less work.
        var texts = specification.Features.OfType<CategoryFeature>().Where(feature => feature.Values.Count <= byte.MaxValue)
            .ToDictionary(feature => feature.Column, feature => feature.Values, StringComparer.Ordinal);
        var columns = specification.Columns.Select(column =>
            specification.EventTime.IsLoadTime && column.Role == ColumnRole.EventTime ? $"{Encoder.SqlText(loadTime)}::{Enum([loadTime])} AS {Encoder.SqlName(column.Name)}"
            : texts.TryGetValue(column.Name, out var values) ? $"{Encoder.SqlName(column.Name)}::{Enum(values)} AS {Encoder.SqlName(column.Name)}" : Encoder.SqlName(column.Name));
        duck.Execute($"CREATE VIEW rows AS SELECT {string.Join(", ", columns)} FROM {StagedSql.From(specification, files)}");
    }

    /// <summary>DuckDB's type for a column that has few texts.</summary>
    internal static string Enum(IEnumerable<string> texts) => $"ENUM({string.Join(", ", texts.Select(Encoder.SqlText))})";

    private static LineageObject Describe(string path)
    {
        using var stream = File.OpenRead(path);
        return new LineageObject(null, Path.GetFileName(path), null, null, stream.Length, Convert.ToHexStringLower(SHA256.HashData(stream)));
    }
}
