using System.Text.Json;
using Microsoft.Data.Sqlite;
using Slipway.Aws.Wire;

namespace Slipway.LocalAws.Storage;

/// <summary>The resources of one kind, each a record under its name, kept as JSON. A change is durable when it returns.</summary>
/// <typeparam name="T">The resource's own record.</typeparam>
internal sealed class Table<T> where T : class
{
    private readonly Database _database;
    private readonly string _kind;
    private readonly Func<T, string> _name;
    private readonly string? _unfinished;

    /// <param name="database">Where it is kept.</param>
    /// <param name="kind">The kind's name, such as <c>model</c>.</param>
    /// <param name="name">The unique name of a resource.</param>
    /// <param name="status">The member with the state of resources that run for a while, and the states in which one has not come to its end; null for others.</param>
    public Table(Database database, string kind, Func<T, string> name, (string Member, string[] Unfinished)? status = null)
    {
        (_database, _kind, _name) = (database, kind, name);
        database.Define("CREATE TABLE IF NOT EXISTS resource (kind TEXT, name TEXT, body TEXT NOT NULL, PRIMARY KEY (kind, name)) WITHOUT ROWID");
        if (status is var (member, states))
        {
            // in the words of the index, or SQLite would not use it
            _unfinished = $"kind = '{kind}' AND json_extract(body, '$.{member}') IN ({string.Join(", ", states.Select(s => $"'{s}'"))})";
            database.Define($"CREATE INDEX IF NOT EXISTS \"unfinished-{kind}\" ON resource (name) WHERE {_unfinished}");
        }
    }

    /// <summary>Adds a resource; false where the name is taken.</summary>
    public bool Insert(T resource) => _database.Write(c => c.Execute(
        "INSERT INTO resource (kind, name, body) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING", _kind, _name(resource), Json(resource))) > 0;

    /// <summary>Adds a resource, or puts it in the place of the one with its name.</summary>
    public void Put(T resource) => _database.Write(c => c.Execute(
        "INSERT INTO resource (kind, name, body) VALUES ($1, $2, $3) ON CONFLICT DO UPDATE SET body = $3", _kind, _name(resource), Json(resource)));

    /// <summary>A resource by its name, or null.</summary>
    public T? Find(string name) => _database.Read(c => c.Query(
        "SELECT body FROM resource WHERE kind = $1 AND name = $2", Row, _kind, name)).FirstOrDefault();

    /// <summary>Every resource in the order of its name.</summary>
    public List<T> All() => _database.Read(c => c.Query("SELECT body FROM resource WHERE kind = $1 ORDER BY name", Row, _kind));

    /// <summary>The resources that have not come to their end, found without reading the others.</summary>
    public List<T> Unfinished() => _database.Read(c => c.Query($"SELECT body FROM resource WHERE {_unfinished} ORDER BY name", Row));

    /// <summary>Puts a resource in the place of the one with its name.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public void Update(T resource)
    {
        if (_database.Write(c => c.Execute("UPDATE resource SET body = $3 WHERE kind = $1 AND name = $2", _kind, _name(resource), Json(resource))) == 0)
        {
            throw new InvalidOperationException($"there is no {_kind} {_name(resource)}");
        }
    }

    /// <summary>Reads, changes and writes back a resource in one transaction; null where there is none.</summary>
    public T? Change(string name, Func<T, T> change) => _database.Write(_ =>
    {
        if (Find(name) is not { } resource)
        {
            return null;
        }

        var changed = change(resource);
        Update(changed);
        return changed;
    });

    /// <summary>Removes a resource; false where there is none.</summary>
    public bool Delete(string name) => _database.Write(c => c.Execute("DELETE FROM resource WHERE kind = $1 AND name = $2", _kind, name)) > 0;

    private static T Row(SqliteDataReader row) => JsonSerializer.Deserialize<T>(row.GetString(0), AwsJson.Lenient)!;

    private static string Json(T resource) => JsonSerializer.Serialize(resource, AwsJson.Lenient);
}
