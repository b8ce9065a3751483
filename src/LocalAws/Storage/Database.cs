using Microsoft.Data.Sqlite;

namespace Slipway.LocalAws.Storage;

/// <summary>
/// The one SQLite database of every resource, in WAL mode. There is one writer at a time; what <see cref="Write{T}"/>
/// returns is durable. A write inside a write joins its transaction, and a read inside a write sees it.
/// </summary>
internal sealed class Database : IDisposable
{
    private readonly Lock _lock = new();
    private readonly SqliteConnection _writer;
    private readonly string _readers;
    private SqliteTransaction? _transaction;

    public Database(LocalAwsOptions options)
    {
        var file = Path.Combine(options.DataDirectory, "aws.db");
        _readers = new SqliteConnectionStringBuilder { DataSource = file, Pooling = true, DefaultTimeout = 30 }.ToString();
        _writer = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
        _writer.Open();
        _writer.Execute("PRAGMA journal_mode = WAL");
        _writer.Execute("PRAGMA synchronous = FULL");
        _writer.Execute("PRAGMA busy_timeout = 30000");
    }

    /// <summary>Makes a class's own tables where they are missing.</summary>
    public void Define(string sql) => Write(c => c.Execute(sql));

    /// <summary>Changes state in one transaction, committed to disk before this returns, rolled back where it throws.</summary>
    public T Write<T>(Func<SqliteConnection, T> change)
    {
        lock (_lock)
        {
            if (_transaction is not null)
            {
                return change(_writer);
            }

            using var transaction = _writer.BeginTransaction();
            _transaction = transaction;
            try
            {
                var result = change(_writer);
                transaction.Commit();
                return result;
            }
            finally
            {
                _transaction = null;
            }
        }
    }

    /// <inheritdoc cref="Write{T}"/>
    public void Write(Action<SqliteConnection> change) => Write(c =>
    {
        change(c);
        return true;
    });

    /// <summary>Reads the last committed state, or, inside a write of this thread, the state that it made.</summary>
    public T Read<T>(Func<SqliteConnection, T> read)
    {
        if (_lock.IsHeldByCurrentThread)
        {
            return read(_writer);
        }

        using var connection = new SqliteConnection(_readers);
        connection.Open();
        return read(connection);
    }

    public void Dispose()
    {
        SqliteConnection.ClearPool(new SqliteConnection(_readers));
        _writer.Dispose();
    }
}

/// <summary>Short forms of SQLite's commands; parameters are <c>$1</c>, <c>$2</c>, … in the order given.</summary>
internal static class Sql
{
    /// <summary>Runs a statement and answers how many rows it changed.</summary>
    public static int Execute(this SqliteConnection connection, string sql, params ReadOnlySpan<object?> parameters)
    {
        using var command = Command(connection, sql, parameters);
        return command.ExecuteNonQuery();
    }

    /// <summary>Reads every row of a query.</summary>
    public static List<T> Query<T>(this SqliteConnection connection, string sql, Func<SqliteDataReader, T> row, params ReadOnlySpan<object?> parameters)
    {
        using var command = Command(connection, sql, parameters);
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
        {
            rows.Add(row(reader));
        }

        return rows;
    }

    private static SqliteCommand Command(SqliteConnection connection, string sql, ReadOnlySpan<object?> parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        for (var i = 0; i < parameters.Length; i++)
        {
            command.Parameters.AddWithValue($"${i + 1}", parameters[i] ?? DBNull.Value);
        }

        return command;
    }
}
