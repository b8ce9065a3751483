using DuckDB.NET.Data;
using DuckDB.NET.Native;

namespace Slipway.Steps.Data;

/// <summary>Reads the answer of a query as DuckDB holds it, some rows of each column at a time: value after value takes several times as long.</summary>
internal static class Chunks
{
    /// <summary>Takes some rows, in the order of the query.</summary>
    public delegate void Take(Chunk rows);

    /// <summary>Runs a query, and never holds its whole answer.</summary>
    /// <param name="connection">Where.</param>
    /// <param name="sql">The query.</param>
    /// <param name="take">Called with rows until there are no more.</param>
    /// <param name="refused">Makes the exception of what DuckDB says where it refuses the query, or the data.</param>
    public static void Read(DuckDBConnection connection, string sql, Take take, Func<string, Exception> refused)
    {
        var prepared = NativeMethods.PreparedStatements.DuckDBPrepare(connection.NativeConnection, sql, out var statement);
        using (statement)
        {
            if (prepared == DuckDBState.Error)
            {
                throw refused(NativeMethods.PreparedStatements.DuckDBPrepareError(statement));
            }
            // where it fails there is a result too, which holds the error
            _ = NativeMethods.PreparedStatements.DuckDBExecutePreparedStreaming(statement, out var result);
            try
            {
                ThrowIfFailed(ref result, refused);
                Read(ref result, take);
                // the data's own faults are found while it is read
                ThrowIfFailed(ref result, refused);
            }
            finally
            {
                NativeMethods.Query.DuckDBDestroyResult(ref result);
            }
        }
    }

    private static void Read(ref DuckDBResult result, Take take)
    {
        while (true)
        {
            using var chunk = NativeMethods.StreamingResult.DuckDBStreamFetchChunk(result);
            if (chunk.IsInvalid || NativeMethods.DataChunks.DuckDBDataChunkGetSize(chunk) is not (> 0 and var count))
            {
                return;
            }
            take(new Chunk(chunk, (int)count));
        }
    }

    private static void ThrowIfFailed(ref DuckDBResult result, Func<string, Exception> refused)
    {
        if (NativeMethods.Query.DuckDBResultError(ref result) is { Length: > 0 } error)
        {
            throw refused(error);
        }
    }
}

/// <summary>Some rows of an answer, valid while they are taken.</summary>
internal readonly ref struct Chunk(DuckDBDataChunk chunk, int count)
{
    /// <summary>How many rows there are.</summary>
    public int Count => count;

    /// <summary>A column's values; those that are NULL may be anything.</summary>
    /// <typeparam name="T">The type that DuckDB holds them as: float for FLOAT, ulong for UBIGINT, byte for UTINYINT and BOOLEAN.</typeparam>
    public unsafe ReadOnlySpan<T> Column<T>(int column)
        where T : unmanaged => new(NativeMethods.Vectors.DuckDBVectorGetData(Vector(column)), count);

    /// <summary>Which values of a column are not NULL, a bit each from the lowest; empty where all are.</summary>
    public unsafe ReadOnlySpan<ulong> Known(int column)
    {
        var known = NativeMethods.Vectors.DuckDBVectorGetValidity(Vector(column));
        return known == null ? [] : new(known, (count + 63) / 64);
    }

    /// <summary>Whether a value is not NULL.</summary>
    public static bool IsKnown(ReadOnlySpan<ulong> known, int row) => known.IsEmpty || (known[row / 64] & (1UL << (row % 64))) != 0;

    private nint Vector(int column) => NativeMethods.DataChunks.DuckDBDataChunkGetVector(chunk, column);
}
