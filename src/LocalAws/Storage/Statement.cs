using Microsoft.Data.Sqlite;

namespace Slipway.LocalAws.Storage;

/// <summary>A prepared statement, for one that runs many times in a transaction; parameters as in <see cref="Sql"/>.</summary>
internal sealed class Statement : IDisposable
{
    private readonly SqliteCommand _command;

    public Statement(SqliteConnection connection, string sql, int parameters)
    {
        _command = connection.CreateCommand();
        _command.CommandText = sql;
        for (var i = 1; i <= parameters; i++)
        {
            _command.Parameters.Add(new SqliteParameter { ParameterName = $"${i}" });
        }

        _command.Prepare();
    }

    /// <summary>Takes part in the transaction that its connection is in now, where it outlives the one that it was made in.</summary>
    public void Join()
    {
        using var now = _command.Connection!.CreateCommand();
        _command.Transaction = now.Transaction;
    }

    /// <summary>Runs it and answers how many rows it changed.</summary>
    public int Run(params ReadOnlySpan<object?> parameters)
    {
        for (var i = 0; i < parameters.Length; i++)
        {
            _command.Parameters[i].Value = parameters[i] ?? DBNull.Value;
        }

        return _command.ExecuteNonQuery();
    }

    public void Dispose() => _command.Dispose();
}
