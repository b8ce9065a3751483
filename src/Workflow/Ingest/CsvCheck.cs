using System.Text;
using Slipway.Workflow.DataSets;

namespace Slipway.Workflow.Ingest;

/// <summary>What the first pass over a CSV found.</summary>
/// <param name="Rows">All rows.</param>
/// <param name="Good">Rows that can be loaded.</param>
/// <param name="Hash">The hash of the good rows.</param>
/// <param name="Repeated">Lines of rows that are bad because their identifier came before with the same event time.</param>
/// <param name="Errors">The first faults.</param>
/// <param name="Reached">The furthest of the earlier loads that this file begins with, or null.</param>
internal sealed record CheckedCsv(long Rows, long Good, string Hash, IReadOnlySet<long> Repeated, IReadOnlyList<RowError> Errors, LoadManifest? Reached)
{
    public long Bad => Rows - Good;
}

/// <summary>
/// The first pass over a CSV: checks every row, and makes the copy for S3, which has the good rows without the columns of
/// personal data, and the file of the bad rows.
/// </summary>
internal static class CsvCheck
{
    private const int MostErrors = 100;

    /// <exception cref="CsvException">The header does not fit the specification, there are no rows, or the quotes can't be made sense of.</exception>
    public static CheckedCsv Run(
        IngestOptions options, string copyPath, string badPath, IReadOnlyList<LoadManifest> earlier, IProgress<IngestProgress>? progress, CancellationToken cancellation)
    {
        using var file = File.OpenRead(options.CsvPath);
        using var rows = new CsvRows(file, options.Specification, options.CsvPath);
        using var copy = Open(copyPath);
        using var bad = Open(badPath);
        using var hash = new ContentHash(options.Specification);
        var kept = KeptFields(options.Specification, rows.Header);
        CsvReader.Write(copy, [.. kept.Select(f => rows.Header[f])]);
        CsvReader.Write(bad, rows.Header);
        var keys = new RecordKeys(options.Specification);
        var (repeated, errors, reached) = (new HashSet<long>(), new List<RowError>(), (LoadManifest?)null);
        var (count, good) = (0L, 0L);
        foreach (var row in rows.Read())
        {
            var faults = row.Errors.Count > 0 ? row.Errors : keys.Add(row) is { } repeat ? [repeat] : [];
            if (faults.Count > 0)
            {
                errors.AddRange(faults.Take(MostErrors - errors.Count));
                CsvReader.Write(bad, rows.Fields());
                if (row.Errors.Count == 0)
                {
                    repeated.Add(row.Line);
                }
            }
            else
            {
                rows.Write(copy, kept);
                hash.Add(row);
                good++;
                reached = Reached(earlier, good, hash) ?? reached;
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
        return new(count, good, hash.Current(), repeated, errors, reached);
    }

    private static int[] KeptFields(DataSetSpecification specification, IReadOnlyList<string> header)
    {
        var personal = specification.PersonalData.Select(specification.CsvColumn).ToHashSet();
        return [.. Enumerable.Range(0, header.Count).Where(i => !personal.Contains(header[i]))];
    }

    private static LoadManifest? Reached(IReadOnlyList<LoadManifest> earlier, long good, ContentHash hash) =>
        earlier.Count == 0 ? null : earlier.FirstOrDefault(m => m.RowsDone == good && m.DoneHash == hash.Current());

    private static StreamWriter Open(string path) => new(path, append: false, new UTF8Encoding(false), 1 << 16);
}
