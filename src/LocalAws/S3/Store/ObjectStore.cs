using System.Text;
using Microsoft.Data.Sqlite;
using Slipway.LocalAws.S3.Objects;
using Slipway.LocalAws.Storage;

namespace Slipway.LocalAws.S3.Store;

/// <summary>What to delete.</summary>
/// <param name="Key">The key.</param>
/// <param name="VersionId">
/// The version to remove for good; null for what S3 does of a key: it removes the object, or, with versioning, puts a delete marker in front of it.
/// </param>
/// <param name="Condition">Looks at the object that the key names, or null, in the same transaction, and throws where nothing may be deleted.</param>
internal sealed record Deletion(string Key, string? VersionId = null, Action<StoredObject?>? Condition = null)
{
    /// <summary>What does it, for the event.</summary>
    public string Reason { get; init; } = nameof(DeleteOperations.DeleteObject);

    /// <summary>The time of the delete marker that it puts; null: now.</summary>
    public DateTimeOffset? MarkedAt { get; init; }
}

/// <summary>What a deletion did.</summary>
/// <param name="Asked">The deletion.</param>
/// <param name="Removed">The version that is no more, or null.</param>
/// <param name="Marker">The delete marker that was put, or null.</param>
internal sealed record Deleted(Deletion Asked, StoredObject? Removed, StoredObject? Marker);

/// <summary>S3's objects, for S3 itself and for what reads and writes S3 inside local AWS. What a change returns is durable.</summary>
internal sealed class ObjectStore
{
    private const int LongestKey = 1024;
    private readonly LocalAwsOptions _options;
    private readonly Database _database;
    private readonly Buckets _buckets;
    private readonly ObjectIndex _index;
    private readonly ObjectFiles _files;
    private readonly ObjectEncryption _encryption;
    private readonly ObjectEvents _events;

    public ObjectStore(LocalAwsOptions options, Database database, Buckets buckets, ObjectIndex index, ObjectFiles files, ObjectEncryption encryption, ObjectEvents events)
    {
        (_options, _database, _buckets, _index, _files, _encryption, _events) = (options, database, buckets, index, files, encryption, events);
        files.Sweep(index.Files());
    }

    public bool BucketExists(string bucket) => _buckets.Find(bucket) is not null;

    /// <summary>Puts an object from a stream.</summary>
    public async Task<StoredObject> Put(string bucket, string key, Stream content, ObjectHeaders? headers = null, CancellationToken cancellation = default)
    {
        var (kept, dataKey) = _encryption.Begin(CheckPlace(bucket, key), key, headers ?? new());
        using var digests = new Digests();
        var written = await _files.Write(content, digests, dataKey, cancellation);
        return Name(written, bucket, key, kept.With(digests));
    }

    /// <summary>Puts an object from a file.</summary>
    /// <param name="bucket">The bucket.</param>
    /// <param name="key">The key.</param>
    /// <param name="path">The file.</param>
    /// <param name="kmsKeyId">The KMS key that encrypts it; null or empty: as the bucket says.</param>
    /// <param name="cancellation">Stops it.</param>
    public async Task<StoredObject> PutFile(string bucket, string key, string path, string? kmsKeyId, CancellationToken cancellation = default)
    {
        await using var file = File.OpenRead(path);
        return await Put(bucket, key, file, string.IsNullOrEmpty(kmsKeyId) ? null : new() { Standard = EncryptionHeaders.Of(kmsKeyId) }, cancellation);
    }

    /// <summary>Refuses a key that S3 can't have, or that no bucket can hold.</summary>
    /// <returns>The bucket.</returns>
    public Bucket CheckPlace(string bucket, string key)
    {
        var found = _buckets.Require(bucket);
        return Encoding.UTF8.GetByteCount(key) is > 0 and <= LongestKey ? found : throw S3Errors.KeyTooLong();
    }

    /// <summary>Lets a key name a written file, in place of what it named or as its newest version; where that can't be, the file is deleted.</summary>
    /// <param name="written">The file.</param>
    /// <param name="bucket">The bucket.</param>
    /// <param name="key">The key.</param>
    /// <param name="headers">What came with it.</param>
    /// <param name="condition">Looks at the object that the key names, or null, in the same transaction, and throws where the change must not be.</param>
    /// <param name="reason">The operation, for the event.</param>
    public StoredObject Name(
        WrittenFile written, string bucket, string key, ObjectHeaders headers, Action<StoredObject?>? condition = null, string reason = nameof(ObjectOperations.PutObject))
    {
        var made = new StoredObject(bucket, key, written.Size, written.ETag, _options.Time.GetUtcNow(), written.Name, headers);
        try
        {
            var (stored, gone) = _database.Write(c =>
            {
                if (written.Small is { } bytes)
                {
                    SmallContents.Insert(c, written.Name, bytes);
                }

                return Replace(c, made, condition, reason);
            });
            _files.Delete(gone);
            return stored;
        }
        catch
        {
            _files.Delete(written.Small is null ? [written.Name] : []);
            throw;
        }
    }

    /// <summary>Lets a key name an object, in a transaction of the caller's.</summary>
    /// <returns>The object as it is kept, and the files to delete once that is committed.</returns>
    public (StoredObject Stored, List<string> Gone) Replace(SqliteConnection c, StoredObject made, Action<StoredObject?>? condition, string reason)
    {
        var bucket = _buckets.Require(made.Bucket);
        var latest = _index.Latest(made.Bucket, made.Key);
        condition?.Invoke(Content(latest));
        var added = _index.Add(c, made, latest, bucket.Versioning == BucketVersioning.Enabled);
        _events.Created(bucket, added.Added, reason);
        return added;
    }

    /// <summary>The object that a key names, or null where there is none or a delete marker is in front of it.</summary>
    public StoredObject? Find(string bucket, string key) => Content(_index.Latest(bucket, key));

    /// <summary>A version of a key, the newest where none is said; null where there is none. It may be a delete marker.</summary>
    public StoredObject? FindVersion(string bucket, string key, string? versionId) =>
        versionId is null ? _index.Latest(bucket, key) : _index.Find(bucket, key, versionId);

    /// <summary>As <see cref="FindVersion"/>, with the parts that the object was uploaded in.</summary>
    public StoredObject? FindWithParts(string bucket, string key, string? versionId)
    {
        while (FindVersion(bucket, key, versionId) is { } found)
        {
            var parts = _index.Parts(found);
            // an upload has a part at least: where none is left, another object has taken its place since it was found
            if (parts.Count > 0 || !found.IsMultipart || FindVersion(bucket, key, versionId)?.File == found.File)
            {
                return found with { Parts = parts };
            }
        }

        return null;
    }

    /// <summary>
    /// Finds and opens the object that a key, or a version of it, names now; null where there is none. Its bytes are
    /// seekable and stay readable when it is replaced or deleted meanwhile.
    /// </summary>
    /// <exception cref="Aws.Wire.AwsException">Its KMS key can't be used: see <see cref="ObjectEncryption.DataKey"/>.</exception>
    public (StoredObject Object, Stream Content)? Open(string bucket, string key, string? versionId = null)
    {
        while (Content(FindWithParts(bucket, key, versionId)) is { } stored)
        {
            var dataKey = _encryption.DataKey(bucket, key, stored.Headers);
            try
            {
                return (stored, _files.Open(stored.Files, dataKey));
            }
            catch (FileNotFoundException) when (FindVersion(bucket, key, versionId)?.File != stored.File)
            {
                // the key names another file by now, or none
            }
        }

        return null;
    }

    /// <summary>Every object whose key starts with a prefix, in the order of the keys' bytes.</summary>
    public IReadOnlyList<StoredObject> List(string bucket, string prefix) => List(bucket, prefix, "", -1);

    /// <summary>The objects whose key starts with a prefix and comes after another key.</summary>
    public IReadOnlyList<StoredObject> List(string bucket, string prefix, string after, int limit) =>
        _index.List(bucket, prefix, VersionPosition.After(after), limit, all: false);

    /// <summary>Changes what is kept of a version beside its bytes; false where there is no such version any more.</summary>
    public bool Change(StoredObject version, Func<ObjectHeaders, ObjectHeaders> change) => _database.Write(c =>
    {
        var found = Content(_index.Find(version.Bucket, version.Key, version.VersionId));
        if (found is not null)
        {
            _index.Update(c, found with { Headers = change(found.Headers) });
        }

        return found is not null;
    });

    /// <summary>Deletes a key's object, or one version of it, as <see cref="Deletion"/> says.</summary>
    public Deleted Delete(string bucket, Deletion deletion) => Delete(bucket, [deletion])[0];

    /// <summary>Deletes in one transaction; where one can't be, nothing is deleted.</summary>
    public List<Deleted> Delete(string bucket, IReadOnlyCollection<Deletion> deletions)
    {
        var files = new List<string>();
        var deleted = _database.Write(c =>
        {
            var place = _buckets.Require(bucket);
            return deletions.Select(d => Delete(c, place, d, files)).ToList();
        });
        _files.Delete(files);
        return deleted;
    }

    private Deleted Delete(SqliteConnection c, Bucket bucket, Deletion deletion, List<string> files)
    {
        var latest = _index.Latest(bucket.Name, deletion.Key);
        deletion.Condition?.Invoke(Content(latest));
        if (deletion.VersionId is null && bucket.IsVersioned)
        {
            var marker = new StoredObject(bucket.Name, deletion.Key, 0, "", deletion.MarkedAt ?? _options.Time.GetUtcNow(), "", new());
            var (added, gone) = _index.Add(c, marker, latest, bucket.Versioning == BucketVersioning.Enabled);
            files.AddRange(gone);
            _events.Deleted(bucket, added, isMarker: true, deletion.Reason);
            return new(deletion, null, added);
        }

        var removed = deletion.VersionId is { } id ? _index.Find(bucket.Name, deletion.Key, id) : latest;
        if (removed is not null)
        {
            files.AddRange(_index.Remove(c, removed));
            _events.Deleted(bucket, removed, isMarker: false, deletion.Reason);
        }

        return new(deletion, removed, null);
    }

    private static StoredObject? Content(StoredObject? stored) => stored is { IsDeleteMarker: true } ? null : stored;
}
