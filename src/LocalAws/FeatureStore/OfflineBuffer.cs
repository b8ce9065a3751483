using Microsoft.Data.Sqlite;
using Slipway.LocalAws.Storage;

namespace Slipway.LocalAws.FeatureStore;

/// <summary>A row on its way to the offline store.</summary>
/// <param name="EventTime">Its event time, in ticks.</param>
/// <param name="Invoked">When it was put, in ticks.</param>
/// <param name="Deleted">Whether it marks a deletion.</param>
/// <param name="Record">Its values, as <see cref="RecordBytes"/> has them.</param>
internal sealed record OfflineRow(long EventTime, long Invoked, bool Deleted, byte[] Record);

/// <summary>Rows that are acknowledged, and durable, but not yet in a file of the offline store; in the order in which they were put.</summary>
internal sealed class OfflineBuffer
{
    private readonly FeatureDatabase _database;
    private long _last;

    public OfflineBuffer(FeatureDatabase database)
    {
        _database = database;
        database.Define("""
            CREATE TABLE IF NOT EXISTS offline_row (
                store INTEGER, sequence INTEGER, event_time INTEGER NOT NULL, invoked INTEGER NOT NULL, deleted INTEGER NOT NULL, record BLOB NOT NULL,
                PRIMARY KEY (store, sequence)) WITHOUT ROWID;
            CREATE TABLE IF NOT EXISTS offline_batch (store INTEGER PRIMARY KEY, last INTEGER NOT NULL, written INTEGER NOT NULL);
            """);
        _last = database.Read(c => c.Query("SELECT COALESCE(MAX(sequence), 0) FROM offline_row", row => row.GetInt64(0)))[0];
    }

    /// <summary>The statement that appends, prepared once.</summary>
    public Statement Appender(SqliteConnection connection) => new(
        connection, "INSERT INTO offline_row (store, sequence, event_time, invoked, deleted, record) VALUES ($1, $2, $3, $4, $5, $6)", 6);

    /// <summary>Appends a change; only inside the writer's turn.</summary>
    public void Append(Statement appender, RecordChange change) => appender.Run(
        change.Group.StoreId, ++_last, change.EventTime, change.Invoked, change.Action == RecordAction.Put ? 0 : 1, change.Record);

    /// <summary>The stores that have rows here.</summary>
    public List<long> Stores() => _database.Read(c => c.Query(
        """
        WITH RECURSIVE found (store) AS (
            SELECT MIN(store) FROM offline_row
            UNION ALL
            SELECT (SELECT MIN(store) FROM offline_row WHERE offline_row.store > found.store) FROM found WHERE found.store IS NOT NULL)
        SELECT store FROM found WHERE store IS NOT NULL
        """,
        row => row.GetInt64(0)));

    /// <summary>The sequence number of a store's last row; 0 where it has none.</summary>
    public long Last(long store) => _database.Read(c => c.Query(
        "SELECT COALESCE(MAX(sequence), 0) FROM offline_row WHERE store = $1", row => row.GetInt64(0), store))[0];

    /// <summary>
    /// The next batch of a store: the one under way when a crash came, with the same rows, or else a new one. What it
    /// answers is remembered until <see cref="Finish"/>, so that a batch that is written twice is the same twice.
    /// </summary>
    /// <param name="store">The store.</param>
    /// <param name="most">The most rows of a new batch.</param>
    /// <param name="now">The time of a new batch, in ticks.</param>
    /// <returns>The batch, or null where the store has no rows here.</returns>
    public OfflineBatch? Begin(long store, int most, long now) => _database.Write(c =>
    {
        if (c.Query("SELECT last, written FROM offline_batch WHERE store = $1", row => new OfflineBatch(store, row.GetInt64(0), row.GetInt64(1)), store) is [var begun])
        {
            return begun;
        }

        var last = c.Query(
            "SELECT MAX(sequence) FROM (SELECT sequence FROM offline_row WHERE store = $1 ORDER BY sequence LIMIT $2)",
            row => row.IsDBNull(0) ? (long?)null : row.GetInt64(0), store, most)[0];
        if (last is null)
        {
            return null;
        }

        c.Execute("INSERT INTO offline_batch (store, last, written) VALUES ($1, $2, $3)", store, last, now);
        return new OfflineBatch(store, last.Value, now);
    });

    /// <summary>The rows of a batch in the order in which they were put.</summary>
    public List<OfflineRow> Rows(OfflineBatch batch) => _database.Read(c => c.Query(
        "SELECT event_time, invoked, deleted, record FROM offline_row WHERE store = $1 AND sequence <= $2 ORDER BY sequence",
        row => new OfflineRow(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2) != 0, row.GetFieldValue<byte[]>(3)), batch.Store, batch.Last));

    /// <summary>Forgets the rows of a batch whose files are in S3.</summary>
    public void Finish(OfflineBatch batch) => _database.Write(c =>
    {
        c.Execute("DELETE FROM offline_row WHERE store = $1 AND sequence <= $2", batch.Store, batch.Last);
        c.Execute("DELETE FROM offline_batch WHERE store = $1", batch.Store);
    });
}

/// <summary>Rows of a store up to a sequence number, and when they are written, in ticks.</summary>
internal sealed record OfflineBatch(long Store, long Last, long Written);
