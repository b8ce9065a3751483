using Microsoft.Data.Sqlite;
using Slipway.LocalAws.Storage;

namespace Slipway.LocalAws.FeatureStore;

/// <summary>
/// The puts that went to the offline store alone, by what their client calls them, for as long as a client may send one
/// again: there is no online record that would tell that it was taken.
/// </summary>
internal sealed class TakenPuts
{
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(15);
    private readonly TimeProvider _time;
    private long _nextSweep;

    public TakenPuts(FeatureDatabase database, TimeProvider time)
    {
        _time = time;
        database.Define("""
            CREATE TABLE IF NOT EXISTS taken_put (store INTEGER, invocation TEXT, at INTEGER NOT NULL, PRIMARY KEY (store, invocation)) WITHOUT ROWID;
            CREATE INDEX IF NOT EXISTS taken_put_at ON taken_put (at);
            """);
    }

    /// <summary>What reads and writes them on the record writer's connection.</summary>
    public Writer Open(SqliteConnection connection) => new(this, connection);

    private void Sweep(SqliteConnection connection)
    {
        var now = _time.GetUtcNow().UtcTicks;
        if (now >= _nextSweep)
        {
            connection.Execute("DELETE FROM taken_put WHERE at < $1", now - Kept.Ticks);
            _nextSweep = now + Kept.Ticks;
        }
    }

    /// <summary>The puts, inside the record writer's turn.</summary>
    public sealed class Writer(TakenPuts puts, SqliteConnection connection) : IDisposable
    {
        private readonly Statement _remember = new(connection, "INSERT INTO taken_put (store, invocation, at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING", 3);

        /// <summary>Takes part in the transaction that its connection is in now, and forgets old puts now and then.</summary>
        public void Join()
        {
            _remember.Join();
            puts.Sweep(connection);
        }

        /// <summary>Whether a put was taken before.</summary>
        public bool Has(RecordChange change) => change is { Online: false, Invocation: { } invocation }
            && connection.Query("SELECT 1 FROM taken_put WHERE store = $1 AND invocation = $2", _ => true, change.Group.StoreId, invocation).Count > 0;

        /// <summary>Remembers a put that no online record tells of.</summary>
        public void Remember(RecordChange change)
        {
            if (change is { Online: false, Action: RecordAction.Put, Invocation: { } invocation })
            {
                _remember.Run(change.Group.StoreId, invocation, change.Invoked);
            }
        }

        public void Dispose() => _remember.Dispose();
    }
}
