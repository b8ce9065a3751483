using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace Slipway.LocalAws.Storage;

/// <summary>The one database of every resource.</summary>
internal sealed class Database : SqliteFile
{
    // to be raised where a table or a kept record changes so that what another version wrote can't be read
    private const int Format = 1;

    /// <exception cref="DataDirectoryException">Another version of Slipway wrote it, in a form that this one can't read.</exception>
    public Database(LocalAwsOptions options) : base(Path.Combine(options.DataDirectory, "aws.db"))
    {
        try
        {
            CheckWhole();
            Write(c => CheckFormat(c, options.DataDirectory));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>What this database says decides which files of objects are swept away.</summary>
    private void CheckWhole()
    {
        var found = Read(c => c.Query("PRAGMA quick_check(1)", r => r.GetString(0)))[0];
        if (found != "ok")
        {
            throw new SqliteException(found, StorageFailure.SqliteCorrupt);
        }
    }

    private static void CheckFormat(SqliteConnection c, string directory)
    {
        var format = c.Query("PRAGMA user_version", row => row.GetInt32(0))[0];
        var isNew = c.Query("SELECT 1 FROM sqlite_master LIMIT 1", _ => true).Count == 0;
        if (format != Format && !isNew)
        {
            throw new DataDirectoryException(
                $"The data directory {directory} was written by another version of Slipway (format {format}; this one reads {Format}). Give --data another directory, or remove this one.");
        }

        c.Execute($"PRAGMA user_version = {Format}");
    }
}

/// <summary>
/// An SQLite database in WAL mode. There is one writer at a time; what <see cref="Write{T}"/>
/// returns is durable. A write inside a write joins its transaction, and a read inside a write sees it.
/// Writes that wait at the same time share one commit, so that many clients together are not held to one disk flush each.
/// </summary>
internal abstract class SqliteFile : IDisposable
{
    private const int MostInOneCommit = 500;
    private const string Savepoint = "change";
    private readonly Lock _lock = new();
    private readonly ConcurrentQueue<PendingChange> _waiting = new();
    private readonly List<Action> _afterCommit = [];
    private readonly SqliteConnection _writer;
    private readonly string _readers;

    protected SqliteFile(string file)
    {
        _readers = new SqliteConnectionStringBuilder { DataSource = file, Pooling = true, DefaultTimeout = 30 }.ToString();
        _writer = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
        _writer.Open();
        _writer.Execute("PRAGMA journal_mode = WAL");
        _writer.Execute("PRAGMA synchronous = FULL");
        _writer.Execute("PRAGMA busy_timeout = 30000");
    }

    /// <summary>Makes a class's own tables where they are missing.</summary>
    public void Define(string sql) => Write(c => c.Execute(sql));

    /// <summary>
    /// Changes state in one transaction, committed to disk before this returns, rolled back where it throws. The change
    /// may run on another thread that writes, so it must need no lock that its caller holds.
    /// </summary>
    public T Write<T>(Func<SqliteConnection, T> change)
    {
        if (_lock.IsHeldByCurrentThread)
        {
            return change(_writer);
        }

        var pending = new PendingChange<T>(change);
        _waiting.Enqueue(pending);
        while (!pending.IsOver)
        {
            lock (_lock)
            {
                if (!pending.IsOver)
                {
                    CommitWaiting();
                }
            }
        }

        return pending.Result();
    }

    /// <inheritdoc cref="Write{T}"/>
    public void Write(Action<SqliteConnection> change) => Write(c =>
    {
        change(c);
        return true;
    });

    /// <summary>
    /// Wakes somebody once the write that calls this is on disk. It may be called in vain, where that write fails beside
    /// others that do not, and must neither throw nor write.
    /// </summary>
    public void AfterCommit(Action wake) => _afterCommit.Add(wake);

    /// <summary>Reads the last committed state, or, inside a write of this thread, the state that it made.</summary>
    public T Read<T>(Func<SqliteConnection, T> read)
    {
        if (_lock.IsHeldByCurrentThread)
        {
            return read(_writer);
        }

        using var connection = OpenReader();
        return read(connection);
    }

    /// <summary>A connection of the caller's own to the last committed state.</summary>
    public SqliteConnection OpenReader()
    {
        var connection = new SqliteConnection(_readers);
        connection.Open();
        return connection;
    }

    private void CommitWaiting()
    {
        var group = new List<PendingChange>();
        while (group.Count < MostInOneCommit && _waiting.TryDequeue(out var pending))
        {
            group.Add(pending);
        }

        try
        {
            using var transaction = _writer.BeginTransaction();
            foreach (var pending in group)
            {
                Make(pending, transaction, alone: group.Count == 1);
            }

            transaction.Commit();
            _afterCommit.ForEach(wake => wake());
        }
        catch (Exception e)
        {
            // each caller throws it
            group.ForEach(p => p.Fail(e));
        }
        finally
        {
            _afterCommit.Clear();
            group.ForEach(p => p.End());
        }
    }

    /// <summary>Makes a change that may fail without those beside it.</summary>
    private void Make(PendingChange pending, SqliteTransaction transaction, bool alone)
    {
        if (alone)
        {
            pending.Make(_writer);
            return;
        }

        transaction.Save(Savepoint);
        try
        {
            pending.Make(_writer);
        }
        catch (Exception e)
        {
            pending.Fail(e);
            // throws where SQLite has undone the whole transaction, which then fails as a whole
            transaction.Rollback(Savepoint);
        }

        transaction.Release(Savepoint);
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
