using System.Text;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Slipway.Aws.Wire;
using Slipway.LocalAws.S3.Objects;
using Slipway.LocalAws.Storage;

namespace Slipway.LocalAws.S3.Store;

/// <summary>A place in the order of a bucket's versions: keys by their bytes, the versions of a key from the newest on.</summary>
/// <param name="Key">Bytes that need not be a key.</param>
/// <param name="Sequence">As in <see cref="StoredObject.Sequence"/>.</param>
internal sealed record VersionPosition(byte[] Key, long Sequence)
{
    /// <summary>Before every version of a key, and of those that it is a prefix of.</summary>
    public static VersionPosition Before(string key) => new(Encoding.UTF8.GetBytes(key), long.MinValue);

    /// <summary>After every version of a key.</summary>
    public static VersionPosition After(string key) => new(Encoding.UTF8.GetBytes(key), long.MaxValue);

    /// <summary>After every version of every key that starts with a prefix.</summary>
    public static VersionPosition AfterPrefix(string prefix) => new(ObjectListing.End(prefix), long.MaxValue);

    /// <summary>Whether it comes after another.</summary>
    public bool IsAfter(VersionPosition other) =>
        Key.AsSpan().SequenceCompareTo(other.Key) is var order && (order > 0 || (order == 0 && Sequence > other.Sequence));
}

/// <summary>Which objects there are: every version of every key. The changes are made in a transaction of the caller's.</summary>
internal sealed class ObjectIndex
{
    private const string Columns = "bucket, key, sequence, version, latest, size, etag, modified, file, headers";
    private readonly Database _database;

    public ObjectIndex(Database database)
    {
        _database = database;
        // SQLite compares text by its UTF-8 bytes, which is S3's order of keys.
        // An object that was uploaded in parts keeps them: its file is the upload's id.
        database.Define("""
            CREATE TABLE IF NOT EXISTS object (
              bucket TEXT, key TEXT, sequence INTEGER, version TEXT NOT NULL, latest INTEGER NOT NULL, size INTEGER NOT NULL, etag TEXT NOT NULL,
              modified INTEGER NOT NULL, file TEXT NOT NULL, headers TEXT NOT NULL, PRIMARY KEY (bucket, key, sequence)) WITHOUT ROWID;
            CREATE TABLE IF NOT EXISTS upload_part (
              upload TEXT, number INTEGER, file TEXT NOT NULL, size INTEGER NOT NULL, etag TEXT NOT NULL, modified INTEGER NOT NULL,
              checksum TEXT NOT NULL, PRIMARY KEY (upload, number)) WITHOUT ROWID;
            """);
    }

    /// <summary>The names of the files that objects and parts of uploads have.</summary>
    public HashSet<string> Files() =>
        [.. _database.Read(c => c.Query("SELECT file FROM object UNION ALL SELECT file FROM upload_part", row => row.GetString(0)))];

    /// <summary>The newest version of a key, which may be a delete marker, or null.</summary>
    public StoredObject? Latest(string bucket, string key) => _database.Read(c => c.Query(
        $"SELECT {Columns} FROM object WHERE bucket = $1 AND key = $2 ORDER BY sequence LIMIT 1", Row, bucket, key)).FirstOrDefault();

    /// <summary>A version of a key, which may be a delete marker, or null.</summary>
    public StoredObject? Find(string bucket, string key, string versionId) => _database.Read(c => VersionId.Sequence(versionId) is { } sequence
        ? c.Query($"SELECT {Columns} FROM object WHERE bucket = $1 AND key = $2 AND sequence = $3 AND version = $4", Row, bucket, key, sequence, versionId)
        : c.Query($"SELECT {Columns} FROM object WHERE bucket = $1 AND key = $2 AND version = $3", Row, bucket, key, versionId)).FirstOrDefault();

    /// <summary>The version of a key that an upload became, or null.</summary>
    public StoredObject? OfUpload(string bucket, string key, string upload) => _database.Read(c => c.Query(
        $"SELECT {Columns} FROM object WHERE bucket = $1 AND key = $2 AND file = $3", Row, bucket, key, upload)).FirstOrDefault();

    /// <summary>The versions whose key starts with a prefix and that come after a position.</summary>
    /// <param name="bucket">The bucket.</param>
    /// <param name="prefix">The prefix.</param>
    /// <param name="after">The position.</param>
    /// <param name="limit">The most versions; -1 for all.</param>
    /// <param name="all">Every version and delete marker, or the newest ones that are no delete markers.</param>
    public List<StoredObject> List(string bucket, string prefix, VersionPosition after, int limit, bool all)
    {
        // one lower bound, so that the index is entered at the right place
        var start = VersionPosition.Before(prefix);
        var from = start.IsAfter(after) ? start : after;
        return _database.Read(c => c.Query(
            $"""
            SELECT {Columns} FROM object
            WHERE bucket = $1 AND (key, sequence) > (CAST($2 AS TEXT), $3) AND key < CAST($4 AS TEXT){(all ? "" : " AND latest AND file <> ''")}
            ORDER BY key, sequence LIMIT $5
            """, Row, bucket, from.Key, from.Sequence, ObjectListing.End(prefix), limit));
    }

    /// <summary>Makes an object its key's newest version; without versioning it takes the place of the null version.</summary>
    /// <param name="c">The transaction.</param>
    /// <param name="made">The object.</param>
    /// <param name="latest">The key's newest version so far, or null.</param>
    /// <param name="versioned">Whether it becomes a version of its own.</param>
    /// <returns>The object as it is kept, and the files to delete once that is committed.</returns>
    public (StoredObject Added, List<string> Gone) Add(SqliteConnection c, StoredObject made, StoredObject? latest, bool versioned)
    {
        var replaced = versioned ? null : latest is null or { VersionId: VersionId.Null } ? latest : Find(made.Bucket, made.Key, VersionId.Null);
        var gone = replaced is null ? [] : Forget(c, replaced);
        var sequence = latest is null ? 0 : replaced?.Sequence == latest.Sequence ? latest.Sequence : latest.Sequence - 1;
        if (replaced is not null && replaced.Sequence != sequence)
        {
            Delete(c, replaced);
        }

        if (latest is not null && latest.Sequence != sequence)
        {
            c.Execute("UPDATE object SET latest = 0 WHERE bucket = $1 AND key = $2 AND sequence = $3", latest.Bucket, latest.Key, latest.Sequence);
        }

        var added = made with { Sequence = sequence, VersionId = versioned ? VersionId.New(sequence) : VersionId.Null };
        c.Execute(
            $"INSERT OR REPLACE INTO object ({Columns}) VALUES ($1, $2, $3, $4, 1, $5, $6, $7, $8, $9)", added.Bucket, added.Key, added.Sequence, added.VersionId, added.Size,
            added.ETag, added.LastModified.ToUnixTimeMilliseconds(), added.File, Json(added.Headers));
        return (added, gone);
    }

    /// <summary>Keeps other headers of a version.</summary>
    public void Update(SqliteConnection c, StoredObject changed) => c.Execute(
        "UPDATE object SET headers = $4 WHERE bucket = $1 AND key = $2 AND sequence = $3", changed.Bucket, changed.Key, changed.Sequence, Json(changed.Headers));

    /// <summary>Removes a version; where it was the newest, the one before it is now.</summary>
    /// <returns>The files to delete once that is committed.</returns>
    public List<string> Remove(SqliteConnection c, StoredObject gone)
    {
        var files = Forget(c, gone);
        Delete(c, gone);
        if (gone.IsLatest)
        {
            c.Execute(
                "UPDATE object SET latest = 1 WHERE bucket = $1 AND key = $2 AND sequence = (SELECT min(sequence) FROM object WHERE bucket = $1 AND key = $2)",
                gone.Bucket, gone.Key);
        }

        return files;
    }

    /// <summary>The parts that an object was uploaded in, in their order; none where it was put whole.</summary>
    public List<UploadedPart> Parts(StoredObject stored) => stored.IsMultipart
        ? _database.Read(c => c.Query($"SELECT {UploadedPart.Columns} FROM upload_part WHERE upload = $1 ORDER BY number", UploadedPart.Row, stored.File))
        : [];

    private static void Delete(SqliteConnection c, StoredObject gone) =>
        c.Execute("DELETE FROM object WHERE bucket = $1 AND key = $2 AND sequence = $3", gone.Bucket, gone.Key, gone.Sequence);

    private static StoredObject Row(SqliteDataReader row) => new(
        row.GetString(0), row.GetString(1), row.GetInt64(5), row.GetString(6), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(7)),
        row.GetString(8), JsonSerializer.Deserialize<ObjectHeaders>(row.GetString(9), AwsJson.Lenient)!)
    {
        Sequence = row.GetInt64(2),
        VersionId = row.GetString(3),
        IsLatest = row.GetBoolean(4),
    };

    private static string Json(ObjectHeaders headers) => JsonSerializer.Serialize(headers, AwsJson.Lenient);

    private List<string> Forget(SqliteConnection c, StoredObject gone)
    {
        var files = (gone with { Parts = Parts(gone) }).Files.Select(f => f.Name).ToList();
        if (gone.IsMultipart)
        {
            c.Execute("DELETE FROM upload_part WHERE upload = $1", gone.File);
        }
        else if (SmallContents.Holds(gone.File))
        {
            SmallContents.Delete(c, gone.File);
            return [];
        }

        return files;
    }
}
