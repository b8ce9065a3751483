namespace Slipway.LocalAws.S3.Store;

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
    /// <summary>Its version's id, <see cref="Store.VersionId.Null"/> where it was put without versioning.</summary>
    public string VersionId { get; init; } = Store.VersionId.Null;

    /// <summary>Its place among its key's versions: the newest has the lowest.</summary>
    public long Sequence { get; init; }

    /// <summary>Whether it is the newest version of its key.</summary>
    public bool IsLatest { get; init; } = true;

    /// <summary>Whether it marks its key as deleted, and has no content.</summary>
    public bool IsDeleteMarker => File.Length == 0;

    /// <summary>Whether it was uploaded in parts.</summary>
    public bool IsMultipart => File.StartsWith(Upload.IdPrefix, StringComparison.Ordinal);

    /// <summary>The parts that it was uploaded in, in their order, where it was found with them; none where it was put whole.</summary>
    public IReadOnlyList<UploadedPart> Parts { get; init; } = [];

    /// <summary>The files of its content, in their order, where it was found with its parts; none for a delete marker.</summary>
    public IReadOnlyList<ObjectFile> Files => IsDeleteMarker ? [] : IsMultipart ? [.. Parts.Select(p => new ObjectFile(p.File, p.Size))] : [new(File, Size)];

    /// <summary>The time of its last change as S3 gives it, to the second.</summary>
    public DateTimeOffset LastModifiedSecond => DateTimeOffset.FromUnixTimeSeconds(LastModified.ToUnixTimeSeconds());
}
