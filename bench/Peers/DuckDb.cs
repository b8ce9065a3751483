using System.Runtime.InteropServices;
using DuckDB.NET.Data;

namespace Peers;

/// <summary>DuckDB by itself.</summary>
internal static class DuckDb
{
    /// <summary>Runs statements, with the threads and the memory that a step has.</summary>
    public static int Run(string sql)
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SET threads = 2; SET memory_limit = '450MB';" + sql;
        using var reader = command.ExecuteReader();
        do
        {
            while (reader.Read())
            {
            }
        }
        while (reader.NextResult());
        return 0;
    }

    /// <summary>Reads encoded rows: all inputs, row after row, and the labels.</summary>
    public static (float[] Inputs, float[] Labels, string[] Names) Read(string parquet)
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.UseStreamingMode = true;
        command.CommandText = $"SELECT count(*) FROM read_parquet('{parquet}')";
        var count = (int)(long)command.ExecuteScalar()!;
        command.CommandText = $"SELECT * EXCLUDE (__group, __row) FROM read_parquet('{parquet}')";
        using var reader = command.ExecuteReader();
        var width = reader.FieldCount - 1;
        var (inputs, labels) = (new float[count * width], new float[count]);
        for (var row = 0; reader.Read(); row++)
        {
            for (var i = 0; i < width; i++)
            {
                inputs[(row * width) + i] = reader.GetFloat(i);
            }
            labels[row] = reader.GetFloat(width);
        }
        return (inputs, labels, [.. Enumerable.Range(0, width).Select(reader.GetName)]);
    }

    /// <summary>Writes the rows as raw floats, OUTPUT.x and OUTPUT.y, for peers that read no Parquet here.</summary>
    public static int WriteMatrix(string parquet, string output)
    {
        var (inputs, labels, _) = Read(parquet);
        File.WriteAllBytes(output + ".x", MemoryMarshal.AsBytes(inputs.AsSpan()));
        File.WriteAllBytes(output + ".y", MemoryMarshal.AsBytes(labels.AsSpan()));
        return 0;
    }
}
