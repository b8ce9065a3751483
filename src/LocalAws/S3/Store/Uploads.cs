using System.Text.Json;
using Microsoft.Data.Sqlite;
using Slipway.Aws.Wire;
using Slipway.LocalAws.S3.Objects;
using Slipway.LocalAws.Storage;

namespace Slipway.LocalAws.S3.Store;

/// <summary>A multipart upload that is under way.</summary>
/// <param name="Id">Its id; ids of one time are in the order that they were made in.</param>
/// <param name="Bucket">The bucket.</param>
/// <param name="Key">The key of the object that it will be.</param>
/// <param name="Initiated">When it began.</param>
/// <param name="Headers">What the object will have beside its bytes; its checksum type is what was asked for.</param>
/// <param name="Algorithm">The algorithm of its parts' checksums where the client chose one.</param>
internal sealed record Upload(string Id, string Bucket, string Key, DateTimeOffset Initiated, ObjectHeaders Headers, string? Algorithm)
{
    /// <summary>What ids start with; the names of files are hexadecimal.</summary>
    public const string IdPrefix = "mpu-";

    /// <summary>Whether its key named an object when it began.</summary>
    public bool Replaces { get; init; }
}

/// <summary>A part of an upload, or of the object that it became.</summary>
/// <param name="Number">1 to 10,000.</param>
/// <param name="File">The name of its file.</param>
/// <param name="Size">Its bytes.</param>
/// <param name="ETag">The MD5 of its bytes, in hexadecimal.</param>
/// <param name="LastModified">When it came.</param>
/// <param name="Checksum">Its checksum in base64, by the upload's algorithm.</param>
internal sealed record UploadedPart(int Number, string File, long Size, string ETag, DateTimeOffset LastModified, string Checksum)
{
    /// <summary>The columns that <see cref="Row"/> reads.</summary>
    public const string Columns = "number, file, size, etag, modified, checksum";

    /// <summary>Reads a row.</summary>
    public static UploadedPart Row(SqliteDataReader row) => new(
        row.GetInt32(0), row.GetString(1), row.GetInt64(2), row.GetString(3), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(4)), row.GetString(5));
}

/// <summary>
/// Multipart uploads that are under way. Each part is a file of its own and stays it: to complete an upload moves no
/// byte, the object keeps the parts under the upload's id.
/// </summary>
internal sealed class Uploads
{
    private readonly LocalAwsOptions _options;
    private readonly Database _database;
    private readonly ObjectStore _objects;
    private readonly ObjectIndex _index;
    private readonly ObjectFiles _files;

    public Uploads(LocalAwsOptions options, Database database, ObjectStore objects, ObjectIndex index, ObjectFiles files)
    {
        (_options, _database, _objects, _index, _files) = (options, database, objects, index, files);
        database.Define("""
            CREATE TABLE IF NOT EXISTS upload (id TEXT PRIMARY KEY, bucket TEXT NOT NULL, key TEXT NOT NULL, body TEXT NOT NULL) WITHOUT ROWID;
            CREATE INDEX IF NOT EXISTS upload_of_key ON upload (bucket, key, id);
            """);
    }

    /// <summary>Begins an upload.</summary>
    public Upload Create(string bucket, string key, ObjectHeaders headers, string? algorithm)
    {
        var now = _options.Time.GetUtcNow();
        return _database.Write(c =>
        {
            // in one transaction, so that no upload is left of a bucket that is deleted at the same time
            _objects.CheckPlace(bucket, key);
            var upload = new Upload(Upload.IdPrefix + Guid.CreateVersion7(now).ToString("N"), bucket, key, now, headers, algorithm) { Replaces = _objects.Find(bucket, key) is not null };
            c.Execute(
                "INSERT INTO upload (id, bucket, key, body) VALUES ($1, $2, $3, $4)", upload.Id, bucket, key, JsonSerializer.Serialize(upload, AwsJson.Lenient));
            return upload;
        });
    }

    /// <summary>An upload of a key.</summary>
    /// <exception cref="AwsException">NoSuchUpload.</exception>
    public Upload Require(string bucket, string key, string id) => Find(bucket, key, id) ?? throw S3Errors.NoSuchUpload(id);

    /// <summary>Every upload of a bucket whose key starts with a prefix, by key and then by time.</summary>
    public List<Upload> All(string bucket, string prefix) => _database.Read(c => c.Query(
        "SELECT body FROM upload WHERE bucket = $1 AND key >= $2 AND key < CAST($3 AS TEXT) ORDER BY key, id", Row, bucket, prefix, ObjectListing.End(prefix)));

    /// <summary>The parts that have come, from a number on.</summary>
    public List<UploadedPart> Parts(string id, int after = 0, int limit = -1) => _database.Read(c => c.Query(
        $"SELECT {UploadedPart.Columns} FROM upload_part WHERE upload = $1 AND number > $2 ORDER BY number LIMIT $3", UploadedPart.Row, id, after, limit));

    /// <summary>Makes a written file a part of an upload, in place of the one with its number; where that can't be, the file is deleted.</summary>
    public UploadedPart Put(Upload upload, int number, WrittenFile written, string checksum)
    {
        var part = new UploadedPart(number, written.Name, written.Size, written.ETag, _options.Time.GetUtcNow(), checksum);
        try
        {
            _files.Delete(_database.Write(c =>
            {
                // it may have been aborted or completed while the part came
                Require(upload.Bucket, upload.Key, upload.Id);
                var replaced = c.Query("SELECT file FROM upload_part WHERE upload = $1 AND number = $2", row => row.GetString(0), upload.Id, number);
                c.Execute(
                    $"INSERT OR REPLACE INTO upload_part (upload, {UploadedPart.Columns}) VALUES ($1, $2, $3, $4, $5, $6, $7)", upload.Id, number, part.File, part.Size,
                    part.ETag, part.LastModified.ToUnixTimeMilliseconds(), checksum);
                return replaced;
            }));
            return part;
        }
        catch
        {
            _files.Delete([written.Name]);
            throw;
        }
    }

    /// <summary>Makes an object of an upload.</summary>
    /// <param name="bucket">The bucket.</param>
    /// <param name="key">The key.</param>
    /// <param name="completion">The upload and the parts that the client names.</param>
    /// <param name="condition">As in <see cref="ObjectStore.Name"/>.</param>
    public StoredObject Complete(string bucket, string key, UploadCompletion completion, Action<StoredObject?>? condition)
    {
        var (made, files) = _database.Write(c =>
        {
            if (Find(bucket, key, completion.UploadId) is not { } upload)
            {
                // a client that missed the answer asks again
                return _index.OfUpload(bucket, key, completion.UploadId) is { } done ? (done, new List<string>()) : throw S3Errors.NoSuchUpload(completion.UploadId);
            }

            var parts = completion.Choose(upload, Parts(upload.Id));
            var made = new StoredObject(
                bucket, key, parts.Sum(p => p.Size), UploadCompletion.ETag(parts), _options.Time.GetUtcNow(), upload.Id, completion.Headers(upload, parts));
            var (stored, gone) = _objects.Replace(c, made, Whole(upload, condition), nameof(MultipartOperations.CompleteMultipartUpload));
            gone.AddRange(RemoveParts(c, upload.Id, [.. parts.Select(p => p.Number)]));
            c.Execute("DELETE FROM upload WHERE id = $1", upload.Id);
            return (stored, gone);
        });
        _files.Delete(files);
        return made;
    }

    /// <summary>Ends an upload; nothing stays of it.</summary>
    /// <exception cref="AwsException">NoSuchUpload.</exception>
    public void Abort(string bucket, string key, string id) => _files.Delete(_database.Write(c => Remove(c, Require(bucket, key, id))));

    /// <summary>Ends every upload of a bucket, in the transaction that deletes the bucket.</summary>
    /// <returns>The files to delete once that is committed.</returns>
    public List<string> RemoveAll(SqliteConnection c, string bucket) => [.. All(bucket, "").SelectMany(u => Remove(c, u))];

    /// <summary>A condition that holds from the beginning of an upload to its end, as S3 has it.</summary>
    private static Action<StoredObject?>? Whole(Upload upload, Action<StoredObject?>? condition) => condition is null ? null : stored =>
    {
        condition(stored);
        if (stored is null ? upload.Replaces : stored.LastModified > upload.Initiated)
        {
            throw S3Errors.ConditionalRequestConflict(stored is null ? "If-None-Match" : "If-Match", upload.Key);
        }
    };

    private static List<string> Remove(SqliteConnection c, Upload upload)
    {
        c.Execute("DELETE FROM upload WHERE id = $1", upload.Id);
        return RemoveParts(c, upload.Id, []);
    }

    private static List<string> RemoveParts(SqliteConnection c, string id, HashSet<int> kept)
    {
        var removed = c.Query("SELECT number, file FROM upload_part WHERE upload = $1", row => (Number: row.GetInt32(0), File: row.GetString(1)), id)
            .FindAll(p => !kept.Contains(p.Number));
        foreach (var (number, _) in removed)
        {
            c.Execute("DELETE FROM upload_part WHERE upload = $1 AND number = $2", id, number);
        }

        return removed.ConvertAll(p => p.File);
    }

    private Upload? Find(string bucket, string key, string id) => _database.Read(c => c.Query(
        "SELECT body FROM upload WHERE id = $1 AND bucket = $2 AND key = $3", Row, id, bucket, key)).FirstOrDefault();

    private static Upload Row(SqliteDataReader row) => JsonSerializer.Deserialize<Upload>(row.GetString(0), AwsJson.Lenient)!;
}
