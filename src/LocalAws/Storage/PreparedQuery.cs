using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace Slipway.LocalAws.Storage;

/// <summary>
/// A query of the last committed state that many requests ask: it is prepared once for as many as ask at the same time, on
/// connections of its own; parameters as in <see cref="Sql"/>.
/// </summary>
/// <typeparam name="T">What a row is read as.</typeparam>
internal sealed class PreparedQuery<T>(SqliteFile file, string sql, int parameters, Func<SqliteDataReader, T> row) : IDisposable where T : class
{
    private readonly ConcurrentBag<SqliteCommand> _idle = [];

    /// <summary>The first row, or null.</summary>
    public T? First(params ReadOnlySpan<object> values)
    {
        if (!_idle.TryTake(out var command))
        {
            command = Prepare();
        }

        try
        {
            for (var i = 0; i < values.Length; i++)
            {
                command.Parameters[i].Value = values[i];
            }

            using var reader = command.ExecuteReader();
            return reader.Read() ? row(reader) : null;
        }
        finally
        {
            _idle.Add(command);
        }
    }

    public void Dispose()
    {
        while (_idle.TryTake(out var command))
        {
            command.Connection!.Dispose();
            command.Dispose();
        }
    }

    private SqliteCommand Prepare()
    {
        var connection = file.OpenReader();
        var command = connection.CreateCommand();
        command.CommandText = sql;
        for (var i = 1; i <= parameters; i++)
        {
            command.Parameters.Add(new SqliteParameter { ParameterName = $"${i}" });
        }

        command.Prepare();
        return command;
    }
}
