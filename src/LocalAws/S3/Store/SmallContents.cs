using System.Globalization;
using Microsoft.Data.Sqlite;
using Slipway.LocalAws.Storage;

namespace Slipway.LocalAws.S3.Store;

/// <summary>
/// The bytes of small objects, in the database: so a small put is one commit, shared with those beside it, and not also
/// a file and a directory to flush. They have names as files have, and are kept and deleted with the object in its transaction.
/// </summary>
internal sealed class SmallContents
{
    /// <summary>The most bytes of one: a page or two of the database.</summary>
    public const int Largest = 4096;

    private const string Prefix = "db-";
    private readonly Database _database;
    private long _last;

    public SmallContents(Database database)
    {
        _database = database;
        database.Define("CREATE TABLE IF NOT EXISTS small_content (id INTEGER PRIMARY KEY, bytes BLOB NOT NULL)");
        _last = database.Read(c => c.Query("SELECT coalesce(max(id), 0) FROM small_content", row => row.GetInt64(0)))[0];
    }

    /// <summary>Whether a name is one that <see cref="NewName"/> gives; those of files are hexadecimal.</summary>
    public static bool Holds(string name) => name.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>A name that nothing has; it ascends, so that the table only grows at its end.</summary>
    public string NewName() => $"{Prefix}{Interlocked.Increment(ref _last)}";

    /// <summary>Keeps bytes under a name, in a transaction of the caller's.</summary>
    public static void Insert(SqliteConnection c, string name, byte[] bytes) => c.Execute("INSERT INTO small_content (id, bytes) VALUES ($1, $2)", Id(name), bytes);

    /// <summary>Deletes the bytes of a name, in a transaction of the caller's.</summary>
    public static void Delete(SqliteConnection c, string name) => c.Execute("DELETE FROM small_content WHERE id = $1", Id(name));

    /// <summary>The bytes of a name, or null.</summary>
    public byte[]? Find(string name) =>
        _database.Read(c => c.Query("SELECT bytes FROM small_content WHERE id = $1", row => row.GetFieldValue<byte[]>(0), Id(name))).FirstOrDefault();

    private static long Id(string name) => long.Parse(name.AsSpan(Prefix.Length), CultureInfo.InvariantCulture);
}
