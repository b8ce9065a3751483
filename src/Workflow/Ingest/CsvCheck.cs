using Slipway.Workflow.DataSets;
using Slipway.Workflow.DataSets.Csv;
using Slipway.Workflow.DataSets.Rows;

namespace Slipway.Workflow.Ingest;

/// <summary>What the pass over a CSV found.</summary>
/// <param name="Rows">All rows.</param>
/// <param name="Staged">The files of the rows that can be loaded.</param>
/// <param name="Hashes">The hash of the good rows by their number, where a block of a load can end, and of all of them.</param>
/// <param name="Errors">The first faults.</param>
/// <param name="Reached">The furthest of the earlier loads that this file begins with, or null.</param>
internal sealed record CheckedCsv(
    long Rows, IReadOnlyList<StagedFile> Staged, IReadOnlyDictionary<long, string> Hashes, IReadOnlyList<RowError> Errors, LoadManifest? Reached)
{
    public long Good { get; } = Staged.Sum(f => (long)f.Rows);

    public long Bad => Rows - Good;

    /// <summary>The hash of all good rows.</summary>
    public string Hash => Hashes[Good];
}

/// <summary>
/// The only pass over a CSV: checks every row, stages the good ones, and makes the copy for S3, which has these without the
/// columns of personal data, and the file of the bad ones.
/// </summary>
internal sealed class CsvCheck(IngestOptions options, string folder, LoadManifest[] earlier)
{
    private const int MostErrors = 100;
    private readonly List<RowError> _errors = [];
    private readonly Dictionary<long, string> _hashes = [];

    // the blocks of a load that was begun before may be others than ours
    private readonly int[] _blocks = [.. earlier.Select(m => m.BlockRows).Append(options.BlockRows).Distinct()];
    private LoadManifest? _reached;

    /// <summary>The copy for S3.</summary>
    public string CopyPath { get; } = Path.Combine(folder, "copy.csv");

    /// <summary>The bad rows.</summary>
    public string BadPath { get; } = Path.Combine(folder, "bad.csv");

    /// <summary>Reads the CSV.</summary>
    /// <param name="staged">Told of each file of good rows that is done, or null.</param>
    /// <param name="progress">Told how far it has come, or null.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="CsvException">The header does not fit the specification, there are no rows, or the quotes can't be made sense of.</exception>
    public CheckedCsv Run(Action<StagedFile>? staged, IProgress<IngestProgress>? progress, CancellationToken cancellation)
    {
        using var file = File.OpenRead(options.CsvPath);
        using var rows = new CsvRows(file, options.Specification, options.CsvPath);
        using var copy = Open(CopyPath);
        using var bad = Open(BadPath);
        using var good = new StagedRows(options.Specification, folder, options.BlockRows, staged);
        var kept = KeptFields(options.Specification, rows.Header);
        CsvWriter.Write(copy, [.. kept.Select(f => rows.Header[f])]);
        CsvWriter.Write(bad, rows.Header);
        var keys = new RecordKeys(options.Specification);
        var (count, goodRows) = (0L, 0L);
        while (rows.Read(good.Batch))
        {
            if (Faults(rows, keys, good.Batch) is { Count: > 0 } faults)
            {
                _errors.AddRange(faults.Take(MostErrors - _errors.Count));
                CsvWriter.Write(bad, rows.Fields());
            }
            else
            {
                rows.Write(copy, kept);
                good.Added();
                Mark(++goodRows, good);
            }

            if (++count % 10_000 == 0)
            {
                cancellation.ThrowIfCancellationRequested();
                progress?.Report(new("check", count, 0));
            }
        }

        if (count == 0)
        {
            throw new CsvException(options.CsvPath, 1, "the file has a header and no rows.");
        }

        progress?.Report(new("check", count, count));
        var files = good.Finish();
        _hashes[goodRows] = good.Hash();
        return new(count, files, _hashes, _errors, _reached);
    }

    private static IReadOnlyList<RowError> Faults(CsvRows rows, RecordKeys keys, RowBatch batch) =>
        rows.Errors.Count > 0 ? rows.Errors : keys.Add(rows.Line, batch) is { } repeat ? [repeat] : [];

    private static int[] KeptFields(DataSetSpecification specification, IReadOnlyList<string> header)
    {
        var personal = specification.PersonalData.Select(specification.CsvColumn).ToHashSet();
        return [.. Enumerable.Range(0, header.Count).Where(i => !personal.Contains(header[i]))];
    }

    private void Mark(long row, StagedRows good)
    {
        foreach (var block in _blocks)
        {
            if (row % block == 0)
            {
                _hashes[row] = good.Hash();
            }
        }

        foreach (var manifest in earlier)
        {
            if (manifest.RowsDone == row && manifest.DoneHash == good.Hash())
            {
                _reached = manifest;
            }
        }
    }

    private static FileStream Open(string path) => new(path, FileMode.Create, FileAccess.Write, FileShare.Read, 1 << 16);
}
