using Microsoft.Data.Sqlite;

namespace Slipway.LocalAws.S3;

/// <summary>What S3 keeps of an object beside its bytes.</summary>
/// <param name="ContentType">Its media type; S3's default is binary/octet-stream.</param>
internal sealed record ObjectHeaders(string? ContentType = null)
{
    /// <summary>Headers given back as they came, by their lower-case name, such as cache-control and x-amz-storage-class.</summary>
    public IReadOnlyDictionary<string, string> Standard { get; init; } = new Dictionary<string, string>();

    /// <summary>User metadata by its name without <c>x-amz-meta-</c>.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    /// <summary>Its tags.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    /// <summary>Checksums in base64 by their algorithm (CRC32, CRC32C, CRC64NVME, SHA1, SHA256).</summary>
    public IReadOnlyDictionary<string, string> Checksums { get; init; } = new Dictionary<string, string>();

    /// <summary>The data key that its files are encrypted with, encrypted by a KMS key; null where they are not encrypted.</summary>
    public byte[]? SealedDataKey { get; init; }

    /// <summary>FULL_OBJECT or COMPOSITE, where there is a checksum.</summary>
    public string? ChecksumType { get; init; }

    /// <summary>These headers with the checksum of a whole content.</summary>
    public ObjectHeaders With(Digests digests) => With(digests.Algorithm, digests.Value(), Digests.FullObject);

    /// <summary>These headers with a checksum.</summary>
    public ObjectHeaders With(string algorithm, string checksum, string type) =>
        this with { Checksums = new Dictionary<string, string> { [algorithm] = checksum }, ChecksumType = type };
}

/// <summary>An object as it is at one time: a version of its key, the only one where the bucket has no versioning.</summary>
/// <param name="Bucket">Its bucket.</param>
/// <param name="Key">Its key.</param>
/// <param name="Size">Its bytes.</param>
/// <param name="ETag">Its entity tag, without quotes.</param>
/// <param name="LastModified">When it was put.</param>
/// <param name="File">
/// The name of the file that holds it, in the folder of objects; for one of several parts the id of their upload; empty for a delete marker.
/// </param>
/// <param name="Headers">What came with it.</param>
internal sealed record StoredObject(
    string Bucket, string Key, long Size, string ETag, DateTimeOffset LastModified, string File, ObjectHeaders Headers)
{
    /// <summary>Its version's id, <see cref="Slipway.LocalAws.S3.VersionId.Null"/> where it was put without versioning.</summary>
    public string VersionId { get; init; } = S3.VersionId.Null;

    /// <summary>Its place among its key's versions: the newest has the lowest.</summary>
    public long Sequence { get; init; }

    /// <summary>Whether it is the newest version of its key.</summary>
    public bool IsLatest { get; init; } = true;

    /// <summary>Whether it marks its key as deleted, and has no content.</summary>
    public bool IsDeleteMarker => File.Length == 0;

    /// <summary>Whether it was uploaded in parts.</summary>
    public bool IsMultipart => File.StartsWith(Upload.IdPrefix, StringComparison.Ordinal);

    /// <summary>The time of its last change as S3 gives it, to the second.</summary>
    public DateTimeOffset LastModifiedSecond => DateTimeOffset.FromUnixTimeSeconds(LastModified.ToUnixTimeSeconds());
}

/// <summary>A bucket.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Region">The region that it was made in.</param>
/// <param name="Created">When it was made.</param>
internal sealed record Bucket(string Name, string Region, DateTimeOffset Created)
{
    /// <summary>Enabled or Suspended; null where it never had versioning.</summary>
    public string? Versioning { get; init; }

    /// <summary>Whether its objects have, or had, versions, which its answers then name.</summary>
    public bool IsVersioned => Versioning is not null;

    /// <summary>The documents of its settings by their names; an empty one was deleted.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>The bucket with a setting, or without it where the document is null.</summary>
    public Bucket With(string setting, string? document) => this with
    {
        Settings = Settings.Where(s => s.Key != setting).Concat(document is null ? [] : [new(setting, document)]).ToDictionary(),
    };
}

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
