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
    public EncodedRows Read(bool withGroups = false) => Open((command, source, count) =>
    {
        var rows = new EncodedRows(inputNames, new float[(long)count * inputNames.Count], new float[count], new int[withGroups ? count : 0]);
        var groups = new Dictionary<ulong, int>();
        Each(command, source, withGroups, (reader, row) =>
        {
            Fill(rows, row, reader, row);
            if (withGroups)
            {
                rows.Groups[row] = Number(reader, inputNames.Count + 1, groups);
            }
        });
        return rows;
    });

    /// <summary>Reads some rows; their groups are not numbered.</summary>
    /// <param name="places">For each row of the files its place in what is answered, or -1 for one that is left out.</param>
    /// <param name="count">How many are read.</param>
    /// <exception cref="StepFailedException">A file is not as it should be.</exception>
    public EncodedRows Pick(int[] places, int count) => Open((command, source, _) =>
    {
        var rows = new EncodedRows(inputNames, new float[count * inputNames.Count], new float[count], []);
        Each(command, source, withGroups: false, (reader, row) =>
        {
            if (places[row] >= 0)
            {
                Fill(rows, places[row], reader, row);
            }
        });
        return rows;
    });

    /// <summary>The group of each row, numbered from 0 as they come, -1 where it has none.</summary>
    /// <param name="distinct">How many there are: the memory that it takes follows from it.</param>
    /// <remarks>64-bit hashes stand for the groups: two that are taken for one have a chance of 10^-5 at ten million.</remarks>
    /// <exception cref="StepFailedException">A file is not as it should be.</exception>
    public int[] Groups(int distinct) => Open((command, source, count) =>
    {
        var (groups, numbers) = (new int[count], new Dictionary<ulong, int>(distinct));
        command.CommandText = $"SELECT {GroupHash} FROM {source}";
        using var reader = command.ExecuteReader();
        for (var row = 0; reader.Read(); row++)
        {
            groups[row] = Number(reader, 0, numbers);
        }
        return groups;
    });

    private const string GroupHash = "CASE WHEN __group IS NULL THEN NULL ELSE hash(__group) END";

    private void Each(DuckDBCommand command, string source, bool withGroups, Action<DuckDBDataReader, int> take)
    {
        var columns = inputNames.Select(Encoder.SqlName).Append("__label").Concat(withGroups ? [GroupHash] : []);
        command.CommandText = $"SELECT {string.Join(", ", columns)} FROM {source}";
        using var reader = command.ExecuteReader();
        for (var row = 0; reader.Read(); row++)
        {
            take(reader, row);
        }
    }

    private static void Fill(EncodedRows rows, int place, DuckDBDataReader reader, int row)
    {
        var inputs = rows.Inputs.AsSpan(place * rows.Width, rows.Width);
        for (var input = 0; input < inputs.Length; input++)
        {
            inputs[input] = reader.GetFloat(input);
        }
        rows.Labels[place] = reader.GetFloat(inputs.Length);
        if (rows.Labels[place] is not (0 or 1))
        {
            throw new StepFailedException($"Row {row + 1} has the label {rows.Labels[place]}; a label is 0 or 1.");
        }
    }

    private static int Number(DuckDBDataReader reader, int column, Dictionary<ulong, int> groups)
    {
        if (reader.IsDBNull(column))
        {
            return -1;
        }
        var group = reader.GetFieldValue<ulong>(column);
        if (!groups.TryGetValue(group, out var number))
        {
            number = groups.Count;
            groups.Add(group, number);
        }
        return number;
    }

    private T Open<T>(Func<DuckDBCommand, string, int, T> read)
    {
        var files = folders.SelectMany(folder => Of(folder) is { Count: > 0 } found
            ? found : throw new StepFailedException($"There is no .parquet file in {folder}."));
        using var duck = new Duck();
        using var command = duck.Connection.CreateCommand();
        // Else DuckDB holds the whole result beside ours.
        command.UseStreamingMode = true;
        var source = $"read_parquet([{string.Join(", ", files.Select(Encoder.SqlText))}])";
        try
        {
            CheckColumns(command, source);
            command.CommandText = $"SELECT count(*) FROM {source}";
            var count = (long)command.ExecuteScalar()!;
            return count * inputNames.Count <= Array.MaxLength ? read(command, source, (int)count) : throw new StepFailedException(
                $"{Names} holds {count:N0} rows of {inputNames.Count} inputs; one instance takes {Array.MaxLength / inputNames.Count:N0}.");
        }
        catch (DuckDBException e)
        {
            throw new StepFailedException($"The rows in {Names} can't be read: {e.Message}", e);
        }
    }

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
