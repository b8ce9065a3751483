namespace Slipway.LocalAws.S3;

/// <summary>What S3 keeps of an object beside its bytes.</summary>
/// <param name="ContentType">Its media type; S3's default is binary/octet-stream.</param>
internal sealed record ObjectHeaders(string? ContentType = null)
{
    /// <summary>Headers given back as they came, by their lower-case name: cache-control, content-disposition, content-encoding, content-language, expires.</summary>
    public IReadOnlyDictionary<string, string> Standard { get; init; } = new Dictionary<string, string>();

    /// <summary>User metadata by its name without <c>x-amz-meta-</c>.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    /// <summary>Checksums in base64 by their algorithm (CRC32, CRC32C, CRC64NVME, SHA1, SHA256).</summary>
    public IReadOnlyDictionary<string, string> Checksums { get; init; } = new Dictionary<string, string>();

    /// <summary>FULL_OBJECT or COMPOSITE, where there is a checksum.</summary>
    public string? ChecksumType { get; init; }
}

/// <summary>An object as it is at one time.</summary>
/// <param name="Bucket">Its bucket.</param>
/// <param name="Key">Its key.</param>
/// <param name="Size">Its bytes.</param>
/// <param name="ETag">Its entity tag, without quotes.</param>
/// <param name="LastModified">When it was put.</param>
/// <param name="File">The name of the file that holds it, in the folder of objects.</param>
/// <param name="Headers">What came with it.</param>
internal sealed record StoredObject(
    string Bucket, string Key, long Size, string ETag, DateTimeOffset LastModified, string File, ObjectHeaders Headers);

/// <summary>A bucket.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Region">The region that it was made in.</param>
/// <param name="Created">When it was made.</param>
internal sealed record Bucket(string Name, string Region, DateTimeOffset Created);
