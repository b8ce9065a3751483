using System.Text;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Slipway.Aws.Wire;
using Slipway.LocalAws.Storage;

namespace Slipway.LocalAws.S3;

/// <summary>S3's objects, for S3 itself and for what reads and writes S3 inside local AWS. What a change returns is durable.</summary>
internal sealed class ObjectStore
{
    private const int LongestKey = 1024;
    private const string Columns = "bucket, key, size, etag, modified, file, headers";
    private readonly LocalAwsOptions _options;
    private readonly Database _database;
    private readonly Buckets _buckets;
    private readonly ObjectFiles _files;

    public ObjectStore(LocalAwsOptions options, Database database, Buckets buckets, ObjectFiles files)
    {
        (_options, _database, _buckets, _files) = (options, database, buckets, files);
        // SQLite compares text by its UTF-8 bytes, which is S3's order of keys
        database.Define("""
            CREATE TABLE IF NOT EXISTS object (
              bucket TEXT, key TEXT, size INTEGER NOT NULL, etag TEXT NOT NULL, modified INTEGER NOT NULL,
              file TEXT NOT NULL, headers TEXT NOT NULL, PRIMARY KEY (bucket, key)) WITHOUT ROWID
            """);
    }

    public bool BucketExists(string bucket) => _buckets.Find(bucket) is not null;

    /// <summary>Puts an object from a stream.</summary>
    public async Task<StoredObject> Put(string bucket, string key, Stream content, ObjectHeaders? headers = null, CancellationToken cancellation = default)
    {
        _buckets.Require(bucket);
        CheckKey(key);
        var written = await _files.Write(content, cancellation);
        return Name(written, bucket, key, written.Md5, headers ?? new());
    }

    /// <summary>Puts an object from a file.</summary>
    public async Task<StoredObject> PutFile(string bucket, string key, string path, CancellationToken cancellation = default)
    {
        await using var file = File.OpenRead(path);
        return await Put(bucket, key, file, cancellation: cancellation);
    }

    /// <summary>Lets a key name a written file, in place of what it named; where that can't be, the file is deleted.</summary>
    /// <param name="written">The file.</param>
    /// <param name="bucket">The bucket.</param>
    /// <param name="key">The key.</param>
    /// <param name="etag">The object's entity tag.</param>
    /// <param name="headers">What came with it.</param>
    /// <param name="condition">Looks at the object that the key names, or null, in the same transaction, and throws where the change must not be.</param>
    public StoredObject Name(WrittenFile written, string bucket, string key, string etag, ObjectHeaders headers, Action<StoredObject?>? condition = null)
    {
        var stored = new StoredObject(bucket, key, written.Size, etag, _options.Time.GetUtcNow(), written.Name, headers);
        try
        {
            var replaced = _database.Write(c =>
            {
                _buckets.Require(bucket);
                var before = Find(bucket, key);
                condition?.Invoke(before);
                c.Execute(
                    $"INSERT OR REPLACE INTO object ({Columns}) VALUES ($1, $2, $3, $4, $5, $6, $7)", bucket, key, stored.Size, etag,
                    stored.LastModified.ToUnixTimeMilliseconds(), stored.File, JsonSerializer.Serialize(headers, AwsJson.Lenient));
                return before;
            });
            Discard(replaced);
            return stored;
        }
        catch
        {
            _files.Delete(written.Name);
            throw;
        }
    }

    /// <summary>An object, or null.</summary>
    public StoredObject? Find(string bucket, string key) => _database.Read(c => c.Query(
        $"SELECT {Columns} FROM object WHERE bucket = $1 AND key = $2", Row, bucket, key)).FirstOrDefault();

    /// <summary>Opens an object's bytes; they stay readable when the key is overwritten or deleted meanwhile.</summary>
    public Stream Open(StoredObject stored) => _files.Open(stored.File);

    /// <summary>Every object whose key starts with a prefix, in the order of the keys' bytes.</summary>
    public IReadOnlyList<StoredObject> List(string bucket, string prefix) => List(bucket, prefix, [], int.MaxValue);

    /// <summary>The objects whose key starts with a prefix and comes after another key.</summary>
    public IReadOnlyList<StoredObject> List(string bucket, string prefix, string after, int limit) =>
        List(bucket, prefix, Encoding.UTF8.GetBytes(after), limit);

    /// <summary>The objects whose key starts with a prefix and comes after some bytes, which need not be a key.</summary>
    public IReadOnlyList<StoredObject> List(string bucket, string prefix, byte[] after, int limit)
    {
        // one lower bound, so that the index is entered at the right place
        var start = Encoding.UTF8.GetBytes(prefix);
        var (bound, strict) = start.AsSpan().SequenceCompareTo(after) > 0 ? (start, "=") : (after, "");
        return _database.Read(c => c.Query(
            $"""
            SELECT {Columns} FROM object
            WHERE bucket = $1 AND key >{strict} CAST($2 AS TEXT) AND key < CAST($3 AS TEXT) ORDER BY key LIMIT $4
            """, Row, bucket, bound, ObjectListing.End(prefix), limit));
    }

    /// <summary>Deletes an object; false where there is none.</summary>
    public bool Delete(string bucket, string key)
    {
        var deleted = _database.Write(c =>
        {
            var before = Find(bucket, key);
            c.Execute("DELETE FROM object WHERE bucket = $1 AND key = $2", bucket, key);
            return before;
        });
        Discard(deleted);
        return deleted is not null;
    }

    private static void CheckKey(string key)
    {
        if (Encoding.UTF8.GetByteCount(key) is 0 or > LongestKey)
        {
            throw S3Errors.KeyTooLong();
        }
    }

    private void Discard(StoredObject? gone)
    {
        if (gone is not null)
        {
            _files.Delete(gone.File);
        }
    }

    private static StoredObject Row(SqliteDataReader row) => new(
        row.GetString(0), row.GetString(1), row.GetInt64(2), row.GetString(3), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(4)),
        row.GetString(5), JsonSerializer.Deserialize<ObjectHeaders>(row.GetString(6), AwsJson.Lenient)!);
}
