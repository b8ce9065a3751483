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
        // SQLite compares text by its UTF-8 bytes, which is S3's order of keys.
        // An object that was uploaded in parts keeps them: its file is the upload's id.
        database.Define("""
            CREATE TABLE IF NOT EXISTS object (
              bucket TEXT, key TEXT, size INTEGER NOT NULL, etag TEXT NOT NULL, modified INTEGER NOT NULL,
              file TEXT NOT NULL, headers TEXT NOT NULL, PRIMARY KEY (bucket, key)) WITHOUT ROWID;
            CREATE TABLE IF NOT EXISTS upload_part (
              upload TEXT, number INTEGER, file TEXT NOT NULL, size INTEGER NOT NULL, etag TEXT NOT NULL, modified INTEGER NOT NULL,
              checksum TEXT NOT NULL, PRIMARY KEY (upload, number)) WITHOUT ROWID;
            """);
        files.Sweep(database.Read(c => c.Query("SELECT file FROM object UNION ALL SELECT file FROM upload_part", row => row.GetString(0))).ToHashSet());
    }

    public bool BucketExists(string bucket) => _buckets.Find(bucket) is not null;

    /// <summary>Puts an object from a stream.</summary>
    public async Task<StoredObject> Put(string bucket, string key, Stream content, ObjectHeaders? headers = null, CancellationToken cancellation = default)
    {
        CheckPlace(bucket, key);
        using var digests = new Digests();
        var written = await _files.Write(content, digests, cancellation);
        return Name(written, bucket, key, written.Md5, (headers ?? new()).With(digests));
    }

    /// <summary>Puts an object from a file.</summary>
    public async Task<StoredObject> PutFile(string bucket, string key, string path, CancellationToken cancellation = default)
    {
        await using var file = File.OpenRead(path);
        return await Put(bucket, key, file, cancellation: cancellation);
    }

    /// <summary>Refuses a key that S3 can't have, or that no bucket can hold.</summary>
    public void CheckPlace(string bucket, string key)
    {
        _buckets.Require(bucket);
        if (Encoding.UTF8.GetByteCount(key) is 0 or > LongestKey)
        {
            throw S3Errors.KeyTooLong();
        }
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
            _files.Delete(_database.Write(c => Replace(c, stored, condition)));
            return stored;
        }
        catch
        {
            _files.Delete([written.Name]);
            throw;
        }
    }

    /// <summary>Lets a key name an object, in a transaction of the caller's.</summary>
    /// <returns>The files to delete once that is committed.</returns>
    public List<string> Replace(SqliteConnection c, StoredObject stored, Action<StoredObject?>? condition)
    {
        _buckets.Require(stored.Bucket);
        var before = Find(stored.Bucket, stored.Key);
        condition?.Invoke(before);
        var files = Forget(c, before);
        c.Execute(
            $"INSERT OR REPLACE INTO object ({Columns}) VALUES ($1, $2, $3, $4, $5, $6, $7)", stored.Bucket, stored.Key, stored.Size, stored.ETag,
            stored.LastModified.ToUnixTimeMilliseconds(), stored.File, JsonSerializer.Serialize(stored.Headers, AwsJson.Lenient));
        return files;
    }

    /// <summary>An object, or null.</summary>
    public StoredObject? Find(string bucket, string key) => _database.Read(c => c.Query(
        $"SELECT {Columns} FROM object WHERE bucket = $1 AND key = $2", Row, bucket, key)).FirstOrDefault();

    /// <summary>Opens an object's bytes, seekable; they stay readable when the key is overwritten or deleted meanwhile.</summary>
    public Stream Open(StoredObject stored) => _files.Open(Files(stored));

    /// <summary>Finds and opens the object that a key names now, or null. One that is replaced between the two is looked for again.</summary>
    public (StoredObject Object, Stream Content)? Open(string bucket, string key)
    {
        while (Find(bucket, key) is { } stored)
        {
            try
            {
                return (stored, Open(stored));
            }
            catch (FileNotFoundException) when (Find(bucket, key)?.File != stored.File)
            {
                // the key names another file by now, or none
            }
        }

        return null;
    }

    /// <summary>Every object whose key starts with a prefix, in the order of the keys' bytes.</summary>
    public IReadOnlyList<StoredObject> List(string bucket, string prefix) => List(bucket, prefix, [], -1);

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
    public bool Delete(string bucket, string key) => Delete(bucket, [(key, null)]) > 0;

    /// <summary>Deletes objects in one transaction; how many there were.</summary>
    /// <param name="bucket">The bucket.</param>
    /// <param name="keys">Each with a condition, or null, that looks at the object or null and throws where it must stay; then none goes.</param>
    public int Delete(string bucket, IReadOnlyCollection<(string Key, Action<StoredObject?>? Condition)> keys)
    {
        var (deleted, files) = _database.Write(c =>
        {
            var (count, gone) = (0, new List<string>());
            foreach (var (key, condition) in keys)
            {
                var before = Find(bucket, key);
                condition?.Invoke(before);
                gone.AddRange(Forget(c, before));
                count += c.Execute("DELETE FROM object WHERE bucket = $1 AND key = $2", bucket, key);
            }

            return (count, gone);
        });
        _files.Delete(files);
        return deleted;
    }

    /// <summary>The parts that an object was uploaded in, in their order; none where it was put whole.</summary>
    public IReadOnlyList<UploadedPart> Parts(StoredObject stored) => stored.IsMultipart
        ? _database.Read(c => c.Query($"SELECT {UploadedPart.Columns} FROM upload_part WHERE upload = $1 ORDER BY number", UploadedPart.Row, stored.File))
        : [];

    private List<ObjectFile> Files(StoredObject stored) =>
        stored.IsMultipart ? [.. Parts(stored).Select(p => new ObjectFile(p.File, p.Size))] : [new(stored.File, stored.Size)];

    private List<string> Forget(SqliteConnection c, StoredObject? gone)
    {
        if (gone is null)
        {
            return [];
        }

        var files = Files(gone).ConvertAll(f => f.Name);
        if (gone.IsMultipart)
        {
            c.Execute("DELETE FROM upload_part WHERE upload = $1", gone.File);
        }

        return files;
    }

    private static StoredObject Row(SqliteDataReader row) => new(
        row.GetString(0), row.GetString(1), row.GetInt64(2), row.GetString(3), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(4)),
        row.GetString(5), JsonSerializer.Deserialize<ObjectHeaders>(row.GetString(6), AwsJson.Lenient)!);
}
