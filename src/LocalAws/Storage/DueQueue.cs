using System.Text.Json;
using Slipway.Aws.Wire;

namespace Slipway.LocalAws.Storage;

/// <summary>Work that is kept until it is done, each at its time; a crash neither loses nor doubles any.</summary>
/// <typeparam name="T">The work's own record.</typeparam>
internal sealed class DueQueue<T> where T : class
{
    private readonly Database _database;
    private readonly string _table;
    private readonly Func<T, string> _id;

    /// <param name="database">Where it is kept.</param>
    /// <param name="table">The name of its table.</param>
    /// <param name="id">The unique id of a piece of work.</param>
    public DueQueue(Database database, string table, Func<T, string> id)
    {
        (_database, _table, _id) = (database, table, id);
        database.Define($"""
            CREATE TABLE IF NOT EXISTS {table} (number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT UNIQUE, due INTEGER NOT NULL, body TEXT NOT NULL);
            CREATE INDEX IF NOT EXISTS {table}_due ON {table} (due, number);
            """);
    }

    /// <summary>Keeps a piece of work, or changes it and its time.</summary>
    public void Put(T work, DateTimeOffset due) => _database.Write(c => c.Execute(
        $"INSERT INTO {_table} (id, due, body) VALUES ($1, $2, $3) ON CONFLICT (id) DO UPDATE SET due = $2, body = $3",
        _id(work), due.ToUnixTimeMilliseconds(), JsonSerializer.Serialize(work, AwsJson.Lenient)));

    /// <summary>Forgets what is done or given up.</summary>
    public void Forget(T work) => _database.Write(c => c.Execute($"DELETE FROM {_table} WHERE id = $1", _id(work)));

    /// <summary>The first pieces of work in the order of their times, each with its time.</summary>
    public List<(T Work, DateTimeOffset Due)> First(int most) => _database.Read(c => c.Query(
        $"SELECT body, due FROM {_table} ORDER BY due, number LIMIT {most}",
        r => (JsonSerializer.Deserialize<T>(r.GetString(0), AwsJson.Lenient)!, DateTimeOffset.FromUnixTimeMilliseconds(r.GetInt64(1)))));
}
