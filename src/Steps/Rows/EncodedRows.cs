using DuckDB.NET.Data;
using Slipway.Steps.Data;
using Slipway.Steps.StepHost;
using Slipway.Workflow.DataSets;

namespace Slipway.Steps.Rows;

/// <summary>Rows as the model sees them, from train.parquet, validation.parquet or test.parquet (docs/steps.md).</summary>
/// <param name="InputNames">The inputs by name, in the model's order.</param>
/// <param name="Inputs">The rows one after the other, one value an input; NaN and code 0 are unknown.</param>
/// <param name="Labels">0 or 1 a row.</param>
/// <param name="Groups">The group of each row, -1 where it has none; empty where groups were not read.</param>
internal sealed record EncodedRows(IReadOnlyList<string> InputNames, float[] Inputs, float[] Labels, int[] Groups)
{
    /// <summary>How many rows there are.</summary>
    public int Count => Labels.Length;

    /// <summary>How many inputs a row has.</summary>
    public int Width => InputNames.Count;

    /// <summary>How many rows have label 1.</summary>
    public int Positives => Labels.Count(label => label != 0);

    /// <summary>Reads the Parquet files of a folder, in the order of their names.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="inputNames">The inputs that the rows must have, in the model's order.</param>
    /// <param name="groups">Numbers the groups across files; null where groups are not needed.</param>
    /// <exception cref="StepFailedException">No file is there, or one is not as it should be.</exception>
    public static EncodedRows Read(string folder, IReadOnlyList<string> inputNames, Dictionary<string, int>? groups = null)
    {
        var files = Files(folder);
        if (files.Count == 0)
        {
            throw new StepFailedException($"There is no .parquet file in {folder}.");
        }
        using var duck = new Duck();
        using var command = duck.Connection.CreateCommand();
        var source = $"read_parquet([{string.Join(", ", files.Select(Encoder.SqlText))}])";
        try
        {
            CheckColumns(command, source, folder, inputNames);
            command.CommandText = $"SELECT count(*) FROM {source}";
            var count = (long)command.ExecuteScalar()!;
            if (count * inputNames.Count > Array.MaxLength)
            {
                throw new StepFailedException($"{folder} holds {count:N0} rows of {inputNames.Count} inputs; one instance takes {Array.MaxLength / inputNames.Count:N0}.");
            }
            var columns = inputNames.Select(Encoder.SqlName).Append("__label").Concat(groups is null ? [] : ["__group"]);
            command.CommandText = $"SELECT {string.Join(", ", columns)} FROM {source}";
            // Else DuckDB holds the whole result beside ours.
            command.UseStreamingMode = true;
            using var reader = command.ExecuteReader();
            return Read(reader, (int)count, inputNames, groups);
        }
        catch (DuckDBException e)
        {
            throw new StepFailedException($"The rows in {folder} can't be read: {e.Message}", e);
        }
    }

    /// <summary>The Parquet files of a folder, in the order of their names.</summary>
    public static IReadOnlyList<string> Files(string folder) => !Directory.Exists(folder) ? []
        : [.. Directory.EnumerateFiles(folder, "*.parquet").Order(StringComparer.Ordinal)];

    /// <summary>All rows of several parts, whose groups were numbered together.</summary>
    public static EncodedRows Concat(IReadOnlyList<EncodedRows> parts) => new(parts[0].InputNames,
        [.. parts.SelectMany(part => part.Inputs)], [.. parts.SelectMany(part => part.Labels)], [.. parts.SelectMany(part => part.Groups)]);

    /// <summary>Some of the rows, in the order given.</summary>
    public EncodedRows Take(IReadOnlyList<int> rows)
    {
        var inputs = new float[rows.Count * Width];
        for (var i = 0; i < rows.Count; i++)
        {
            Inputs.AsSpan(rows[i] * Width, Width).CopyTo(inputs.AsSpan(i * Width));
        }
        return new EncodedRows(InputNames, inputs, [.. rows.Select(row => Labels[row])],
            Groups.Length == 0 ? [] : [.. rows.Select(row => Groups[row])]);
    }

    private static EncodedRows Read(DuckDBDataReader reader, int count, IReadOnlyList<string> inputNames, Dictionary<string, int>? groups)
    {
        var width = inputNames.Count;
        var rows = new EncodedRows(inputNames, new float[count * width], new float[count], new int[groups is null ? 0 : count]);
        for (var row = 0; reader.Read(); row++)
        {
            for (var input = 0; input < width; input++)
            {
                rows.Inputs[(row * width) + input] = reader.GetFloat(input);
            }
            rows.Labels[row] = reader.GetFloat(width);
            if (rows.Labels[row] is not (0 or 1))
            {
                throw new StepFailedException($"Row {row + 1} has the label {rows.Labels[row]}; a label is 0 or 1.");
            }
            if (groups is not null)
            {
                rows.Groups[row] = reader.IsDBNull(width + 1) ? -1 : Number(groups, reader.GetString(width + 1));
            }
        }
        return rows;
    }

    private static int Number(Dictionary<string, int> groups, string group)
    {
        if (!groups.TryGetValue(group, out var number))
        {
            number = groups.Count;
            groups.Add(group, number);
        }
        return number;
    }

    private static void CheckColumns(DuckDBCommand command, string source, string folder, IReadOnlyList<string> inputNames)
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
            throw new StepFailedException($"The rows in {folder} have the columns {string.Join(", ", columns)}; the model's encoder says {string.Join(", ", wanted)}.");
        }
    }
}
