using Microsoft.Data.Sqlite;
using Slipway.LocalAws.Storage;

namespace Slipway.LocalAws.Logs;

/// <summary>A line of a log and when it was written.</summary>
/// <param name="Timestamp">Milliseconds since 1970.</param>
/// <param name="Message">The line, without its end.</param>
internal sealed record LogLine(long Timestamp, string Message);

/// <summary>
/// Where CloudWatch Logs keeps its groups, streams and events. They have a SQLite file of their own: lines are many,
/// and must not make the commits of the state wait. What is appended survives the end of this process; it survives the
/// end of the machine once <see cref="Flush"/> has returned.
/// </summary>
internal sealed class LogStore : IDisposable
{
    private readonly Lock _lock = new();
    private readonly SqliteConnection _connection;
    private readonly TimeProvider _time;

    public LogStore(LocalAwsOptions options, TimeProvider time)
    {
        _time = time;
        Directory.CreateDirectory(options.DataDirectory);
        _connection = SqliteFile.Open(Path.Combine(options.DataDirectory, "logs.db"), """
            PRAGMA journal_mode = WAL;
            PRAGMA synchronous = NORMAL;
            CREATE TABLE IF NOT EXISTS log_group (
                name TEXT PRIMARY KEY, created INTEGER NOT NULL, retention INTEGER, kms TEXT, class TEXT NOT NULL) WITHOUT ROWID;
            CREATE TABLE IF NOT EXISTS log_group_tag (
                name TEXT, key TEXT, value TEXT NOT NULL, PRIMARY KEY (name, key)) WITHOUT ROWID;
            CREATE TABLE IF NOT EXISTS log_stream (
                id INTEGER PRIMARY KEY AUTOINCREMENT, log_group TEXT NOT NULL, name TEXT NOT NULL, created INTEGER NOT NULL,
                first INTEGER, last INTEGER, ingested INTEGER, UNIQUE (log_group, name));
            CREATE TABLE IF NOT EXISTS log_event (
                id INTEGER PRIMARY KEY AUTOINCREMENT, stream INTEGER NOT NULL, time INTEGER NOT NULL, ingested INTEGER NOT NULL, message TEXT NOT NULL);
            CREATE INDEX IF NOT EXISTS log_event_of_stream ON log_event (stream, time, id);
            """);
    }

    /// <summary>Adds lines to the end of a stream; makes the group and the stream where they are missing.</summary>
    public void Append(string group, string stream, IReadOnlyList<LogLine> lines) => Write(c =>
    {
        var now = _time.GetUtcNow().ToUnixTimeMilliseconds();
        c.Execute("INSERT INTO log_group (name, created, class) VALUES ($1, $2, 'STANDARD') ON CONFLICT DO NOTHING", group, now);
        c.Execute("INSERT INTO log_stream (log_group, name, created) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING", group, stream, now);
        Insert(c, c.Query("SELECT id FROM log_stream WHERE log_group = $1 AND name = $2", r => r.GetInt64(0), group, stream)[0], lines);
        return true;
    });

    /// <summary>Adds lines to a stream by its id.</summary>
    public void Insert(SqliteConnection c, long stream, IReadOnlyList<LogLine> lines)
    {
        if (lines.Count == 0)
        {
            return;
        }

        var now = _time.GetUtcNow().ToUnixTimeMilliseconds();
        using var insert = c.CreateCommand();
        insert.CommandText = "INSERT INTO log_event (stream, time, ingested, message) VALUES ($stream, $time, $now, $message)";
        insert.Parameters.AddWithValue("$stream", stream);
        insert.Parameters.AddWithValue("$now", now);
        var time = insert.Parameters.Add("$time", SqliteType.Integer);
        var message = insert.Parameters.Add("$message", SqliteType.Text);
        foreach (var line in lines)
        {
            (time.Value, message.Value) = (line.Timestamp, line.Message);
            insert.ExecuteNonQuery();
        }

        c.Execute(
            "UPDATE log_stream SET first = min(coalesce(first, $2), $2), last = max(coalesce(last, $3), $3), ingested = $4 WHERE id = $1",
            stream, lines.Min(l => l.Timestamp), lines.Max(l => l.Timestamp), now);
    }

    /// <summary>Puts all that was appended on disk.</summary>
    public void Flush()
    {
        lock (_lock)
        {
            // a commit in FULL mode syncs the write-ahead log, and with it every commit before
            _connection.Execute("PRAGMA synchronous = FULL");
            _connection.Execute("PRAGMA user_version = 1");
            _connection.Execute("PRAGMA synchronous = NORMAL");
        }
    }

    /// <summary>Changes the logs in one transaction, undone where it throws.</summary>
    public T Write<T>(Func<SqliteConnection, T> change)
    {
        lock (_lock)
        {
            using var transaction = _connection.BeginTransaction();
            var result = change(_connection);
            transaction.Commit();
            return result;
        }
    }

    /// <summary>Reads the logs.</summary>
    public T Read<T>(Func<SqliteConnection, T> read)
    {
        lock (_lock)
        {
            return read(_connection);
        }
    }

    public void Dispose() => _connection.Dispose();
}
