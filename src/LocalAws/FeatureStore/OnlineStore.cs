using Microsoft.Data.Sqlite;
using Slipway.LocalAws.Storage;

namespace Slipway.LocalAws.FeatureStore;

/// <summary>A record of the online store.</summary>
/// <param name="Bytes">Its values, as <see cref="RecordBytes"/> has them.</param>
/// <param name="Expires">When it expires, in ticks, or null.</param>
internal sealed record OnlineRecord(byte[] Bytes, long? Expires);

/// <summary>The online store: the newest record of each identifier, by event time.</summary>
internal sealed class OnlineStore : IDisposable
{
    private readonly FeatureDatabase _database;
    private readonly PreparedQuery<OnlineRecord> _find;

    public OnlineStore(FeatureDatabase database)
    {
        _database = database;
        // a record of null is a soft deletion, remembered so that an older record can't come back
        database.Define("""
            CREATE TABLE IF NOT EXISTS online (
                store INTEGER, identifier TEXT, event_time INTEGER NOT NULL, expires INTEGER, record BLOB,
                PRIMARY KEY (store, identifier)) WITHOUT ROWID;
            CREATE INDEX IF NOT EXISTS online_expiry ON online (expires) WHERE expires IS NOT NULL;
            """);
        _find = new(
            database,
            "SELECT record, expires FROM online WHERE store = $1 AND identifier = $2 AND record IS NOT NULL AND (expires IS NULL OR expires > $3)",
            3, Row);
    }

    public void Dispose() => _find.Dispose();

    /// <summary>The record of an identifier that is neither deleted nor expired, or null.</summary>
    public OnlineRecord? Find(FeatureGroup group, string identifier, long now) => _find.First(group.StoreId, identifier, now);

    /// <summary>The bytes of all records of a group.</summary>
    public long Bytes(FeatureGroup group) => _database.Read(c => c.Query(
        "SELECT COALESCE(SUM(LENGTH(record)), 0) FROM online WHERE store = $1", row => row.GetInt64(0), group.StoreId))[0];

    private static OnlineRecord Row(SqliteDataReader row) => new(row.GetFieldValue<byte[]>(0), row.IsDBNull(1) ? null : row.GetInt64(1));

    /// <summary>The statements that change it, prepared once.</summary>
    public sealed class Writer(SqliteConnection connection) : IDisposable
    {
        private readonly Statement _put = new(connection, """
            INSERT INTO online (store, identifier, event_time, expires, record) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT DO UPDATE SET event_time = excluded.event_time, expires = excluded.expires, record = excluded.record
            WHERE excluded.event_time >= event_time OR expires <= $6
            """, 6);

        private readonly Statement _hide = new(connection, """
            INSERT INTO online (store, identifier, event_time) VALUES ($1, $2, $3)
            ON CONFLICT DO UPDATE SET event_time = excluded.event_time, expires = NULL, record = NULL
            WHERE excluded.event_time > event_time
            """, 3);

        /// <inheritdoc cref="Statement.Join"/>
        public void Join()
        {
            _put.Join();
            _hide.Join();
        }

        /// <summary>Puts a record where none is newer.</summary>
        public void Put(RecordChange change) =>
            _put.Run(change.Group.StoreId, change.Identifier, change.EventTime, change.Expires, change.Record, change.Invoked);

        /// <summary>Hides a record that is older than its deletion.</summary>
        public void Hide(RecordChange change) => _hide.Run(change.Group.StoreId, change.Identifier, change.EventTime);

        /// <summary>Removes a record; false, and it stays, where it is not older than its deletion.</summary>
        public bool Remove(RecordChange change)
        {
            var (store, identifier) = (change.Group.StoreId, change.Identifier);
            var newer = connection.Query("SELECT 1 FROM online WHERE store = $1 AND identifier = $2 AND event_time >= $3", _ => true, store, identifier, change.EventTime);
            connection.Execute("DELETE FROM online WHERE store = $1 AND identifier = $2 AND event_time < $3", store, identifier, change.EventTime);
            return newer.Count == 0;
        }

        /// <summary>Whether a record is there just as it is put.</summary>
        public bool Has(RecordChange change) => connection.Query(
            "SELECT 1 FROM online WHERE store = $1 AND identifier = $2 AND event_time = $3 AND record = $4", _ => true,
            change.Group.StoreId, change.Identifier, change.EventTime, change.Record).Count > 0;

        public void Dispose()
        {
            _put.Dispose();
            _hide.Dispose();
        }
    }
}
