using System.Runtime.InteropServices;
using DuckDB.NET.Data;
using Slipway.Steps.Data;
using Slipway.Steps.StepHost;
using Slipway.Workflow.DataSets;

namespace Slipway.Steps.Rows;

/// <summary>The Parquet files of one part of the data, or of several: train.parquet, validation.parquet, test.parquet (docs/steps.md).</summary>
/// <param name="folders">Their folders; rows come in the order of these, then of the files' names.</param>
/// <param name="inputNames">The inputs that the rows must have, in the model's order.</param>
internal sealed class EncodedFiles(IReadOnlyList<string> folders, IReadOnlyList<string> inputNames)
{
    /// <summary>The Parquet files of a folder, in the order of their names.</summary>
    public static IReadOnlyList<string> Of(string folder) => !Directory.Exists(folder) ? []
        : [.. Directory.EnumerateFiles(folder, "*.parquet").Order(StringComparer.Ordinal)];

    /// <summary>Counts the rows.</summary>
    /// <exception cref="StepFailedException">No file is there, or one is not as it should be.</exception>
    public int Count() => Open((_, _, count) => count);

    /// <summary>Reads all rows.</summary>
    /// <param name="withGroups">Whether to number the groups.</param>
    /// <exception cref="StepFailedException">No file is there, one is not as it should be, or there are more rows than memory takes.</exception>
    public EncodedRows Read(bool withGroups = false) => Open((duck, source, count) =>
    {
        var rows = new EncodedRows(inputNames, new float[(long)count * inputNames.Count], new float[count], new int[withGroups ? count : 0]);
        var groups = new Dictionary<ulong, int>();
        Each(duck, $"{Values}{(withGroups ? ", " + GroupHash : "")} FROM {source}", (chunk, first) =>
        {
            Fill(rows, chunk, first, []);
            if (withGroups)
            {
                Number(chunk, inputNames.Count + 1, groups, rows.Groups.AsSpan(first));
            }
        });
        return rows;
    });

    /// <summary>Reads some rows; their groups are not numbered.</summary>
    /// <param name="places">For each row of the files its place in what is answered, or -1 for one that is left out.</param>
    /// <param name="count">How many are read.</param>
    /// <exception cref="StepFailedException">A file is not as it should be.</exception>
    public EncodedRows Pick(int[] places, int count) => Open((duck, source, _) =>
    {
        var rows = new EncodedRows(inputNames, new float[count * inputNames.Count], new float[count], []);
        Each(duck, $"{Values} FROM {source}", (chunk, first) => Fill(rows, chunk, first, places.AsSpan(first, chunk.Count)));
        return rows;
    });

    /// <summary>The group of each row, numbered from 0 as they come, -1 where it has none.</summary>
    /// <param name="distinct">How many there are: the memory that it takes follows from it.</param>
    /// <remarks>64-bit hashes stand for the groups: two that are taken for one have a chance of 10^-5 at ten million.</remarks>
    /// <exception cref="StepFailedException">A file is not as it should be.</exception>
    public int[] Groups(int distinct) => Open((duck, source, count) =>
    {
        var (groups, numbers) = (new int[count], new Dictionary<ulong, int>(distinct));
        Each(duck, $"{GroupHash} FROM {source}", (chunk, first) => Number(chunk, 0, numbers, groups.AsSpan(first)));
        return groups;
    });

    private const string GroupHash = "CASE WHEN __group IS NULL THEN NULL ELSE hash(__group) END";

    // takes rows, and the number of the first of them
    private delegate void TakeRows(Chunk chunk, int first);

    private string Values => string.Join(", ", inputNames.Append("__label").Select(Encoder.SqlName));

    private void Each(Duck duck, string columns, TakeRows take)
    {
        var first = 0;
        Chunks.Read(duck.Connection, $"SELECT {columns}", chunk =>
        {
            take(chunk, first);
            first += chunk.Count;
        }, Refused);
    }

    // Where no places are given, rows keep those that they have in the files.
    private void Fill(EncodedRows rows, Chunk chunk, int first, ReadOnlySpan<int> places)
    {
        for (var column = 0; column <= rows.Width; column++)
        {
            CheckKnown(chunk, column, first);
            var values = chunk.Column<float>(column);
            var (to, step, start) = column < rows.Width ? (rows.Inputs, rows.Width, column) : (rows.Labels, 1, 0);
            for (var row = 0; row < values.Length; row++)
            {
                var place = places.IsEmpty ? first + row : places[row];
                if (place >= 0)
                {
                    to[(place * step) + start] = values[row];
                }
            }
        }
        var labels = chunk.Column<float>(rows.Width);
        for (var row = 0; row < labels.Length; row++)
        {
            if (labels[row] is not (0 or 1))
            {
                throw new StepFailedException($"Row {first + row + 1} has the label {labels[row]}; a label is 0 or 1.");
            }
        }
    }

    private void CheckKnown(Chunk chunk, int column, int first)
    {
        var known = chunk.Known(column);
        for (var row = 0; !known.IsEmpty && row < chunk.Count; row++)
        {
            if (!Chunk.IsKnown(known, row))
            {
                throw new StepFailedException($"Row {first + row + 1} has no value in '{(column < inputNames.Count ? inputNames[column] : "__label")}'; an input that is not known is NaN or 0.");
            }
        }
    }

    private static void Number(Chunk chunk, int column, Dictionary<ulong, int> groups, Span<int> numbers)
    {
        var hashes = chunk.Column<ulong>(column);
        var known = chunk.Known(column);
        for (var row = 0; row < hashes.Length; row++)
        {
            numbers[row] = -1;
            if (Chunk.IsKnown(known, row))
            {
                ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(groups, hashes[row], out var isThere);
                number = isThere ? number : groups.Count - 1;
                numbers[row] = number;
            }
        }
    }

    private T Open<T>(Func<Duck, string, int, T> read)
    {
        var files = folders.SelectMany(folder => Of(folder) is { Count: > 0 } found
            ? found : throw new StepFailedException($"There is no .parquet file in {folder}."));
        using var duck = new Duck();
        using var command = duck.Connection.CreateCommand();
        var source = $"read_parquet([{string.Join(", ", files.Select(Encoder.SqlText))}])";
        try
        {
            CheckColumns(command, source);
            command.CommandText = $"SELECT count(*) FROM {source}";
            var count = (long)command.ExecuteScalar()!;
            return count * inputNames.Count <= Array.MaxLength ? read(duck, source, (int)count) : throw new StepFailedException(
                $"{Names} holds {count:N0} rows of {inputNames.Count} inputs; one instance takes {Array.MaxLength / inputNames.Count:N0}.");
        }
        catch (DuckDBException e)
        {
            throw Refused(e.Message);
        }
    }

    private StepFailedException Refused(string message) => new($"The rows in {Names} can't be read: {message}");

    private string Names => string.Join(", ", folders);

    private void CheckColumns(DuckDBCommand command, string source)
    {
        command.CommandText = $"SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM {source})";
        var columns = new List<string>();
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            columns.Add($"{reader.GetString(0)} {reader.GetString(1)}");
        }
        var wanted = inputNames.Append("__label").Select(name => name + " FLOAT").Concat(["__group VARCHAR", "__row VARCHAR"]).ToList();
        if (!columns.SequenceEqual(wanted))
        {
            throw new StepFailedException($"The rows in {Names} have the columns {string.Join(", ", columns)}; the model's encoder says {string.Join(", ", wanted)}.");
        }
    }
}
