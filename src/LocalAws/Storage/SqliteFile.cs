using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace Slipway.LocalAws.Storage;

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
        _writer = Open(file, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 30000;");
    }

    /// <summary>Opens a database, made where it is missing.</summary>
    /// <param name="file">Its file.</param>
    /// <param name="sql">What is done with it first.</param>
    /// <exception cref="DataDirectoryException">It is damaged, or gone.</exception>
    public static SqliteConnection Open(string file, string sql)
    {
        // SQLite would begin anew, and throw away the log of what was acknowledged
        if (new FileInfo(file) is not { Exists: true, Length: > 0 } && new FileInfo(file + "-wal") is { Exists: true, Length: > 0 } log)
        {
            throw new DataDirectoryException(
                $"The database {file} is {(File.Exists(file) ? "empty" : "gone")}, and its log {log.Name} is there. Nothing was changed. Restore the data directory from a backup, or choose another with --data.");
        }

        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
        try
        {
            connection.Open();
            connection.Execute(sql);
            return connection;
        }
        catch (Exception e)
        {
            connection.Dispose();
            throw StorageFailure.Of(file, e);
        }
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
