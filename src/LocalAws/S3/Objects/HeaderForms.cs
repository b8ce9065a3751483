using System.Text;
using System.Text.RegularExpressions;
using System.Xml;
using Slipway.Aws.Wire;
using Slipway.LocalAws.S3.Requests;
using Slipway.LocalAws.S3.Store;

namespace Slipway.LocalAws.S3.Objects;

/// <summary>The headers that are kept with an object, from a request and into an answer.</summary>
internal static partial class HeaderForms
{
    private const string MetadataPrefix = "x-amz-meta-";
    private const string StorageClass = "x-amz-storage-class";
    private const string RedirectLocation = "x-amz-website-redirect-location";
    private const int LargestMetadata = 2048;

    private static readonly string[] Kept =
    [
        "cache-control", "content-disposition", "content-encoding", "content-language", "expires", RedirectLocation,
        StorageClass, EncryptionHeaders.Algorithm, EncryptionHeaders.KeyId, EncryptionHeaders.BucketKey, EncryptionHeaders.Context,
    ];

    // archived objects can't be read before they are restored, and there is nothing here that restores
    private static readonly string[] StorageClasses = ["STANDARD", "REDUCED_REDUNDANCY", "STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING", "GLACIER_IR"];

    /// <summary>What a request says of the object that it makes.</summary>
    /// <exception cref="AwsException">InvalidStorageClass, InvalidRedirectLocation, InvalidArgument, MetadataTooLarge, NotImplemented.</exception>
    public static ObjectHeaders Read(S3Request request)
    {
        var standard = Kept.Select(name => (name, value: Value(request, name))).Where(h => h.value is not null).ToDictionary(h => h.name, h => h.value!);
        CheckValues(standard);
        var metadata = request.Headers.Where(h => h.Key.StartsWith(MetadataPrefix, StringComparison.OrdinalIgnoreCase))
            .ToDictionary(h => h.Key[MetadataPrefix.Length..].ToLowerInvariant(), h => h.Value.ToString());
        // a form's field may have any name, and no answer could give that back
        if (metadata.Keys.FirstOrDefault(name => !HeaderName().IsMatch(name)) is { } wrong)
        {
            throw S3Errors.InvalidArgument("The name of a metadata entry must be one that an HTTP header can have", MetadataPrefix + wrong, metadata[wrong]);
        }

        var size = metadata.Sum(m => Encoding.UTF8.GetByteCount(m.Key) + Encoding.UTF8.GetByteCount(m.Value));
        return size <= LargestMetadata
            ? new(request.Header("Content-Type")) { Standard = standard, Metadata = metadata, Tags = ObjectTagging.Read(request) }
            : throw S3Errors.Bad("MetadataTooLarge", "Your metadata headers exceed the maximum allowed metadata size.", ("Size", $"{size}"), ("MaxSizeAllowed", $"{LargestMetadata}"));
    }

    /// <summary>Gives them back with the object, checksums where they are asked for.</summary>
    public static void Write(S3Request request, StoredObject stored)
    {
        request.SetHeader("Content-Type", stored.Headers.ContentType ?? "binary/octet-stream");
        request.SetHeader("ETag", $"\"{stored.ETag}\"");
        request.SetHeader("Last-Modified", stored.LastModified.ToString("R"));
        request.SetHeader("Accept-Ranges", "bytes");
        foreach (var (name, value) in stored.Headers.Standard.Where(h => h.Key != EncryptionHeaders.Context && (h.Key != StorageClass || h.Value != "STANDARD")))
        {
            request.SetHeader(name, value);
        }

        foreach (var (name, value) in stored.Headers.Metadata)
        {
            request.SetHeader(MetadataPrefix + name, value);
        }

        request.SetHeader("x-amz-tagging-count", stored.Headers.Tags.Count > 0 ? $"{stored.Headers.Tags.Count}" : null);
    }

    /// <summary>Gives back the checksum of an object.</summary>
    public static void WriteChecksum(S3Request request, ObjectHeaders headers)
    {
        foreach (var (algorithm, value) in headers.Checksums)
        {
            request.SetHeader(ChecksumHeader.Name(algorithm), value);
        }

        request.SetHeader("x-amz-checksum-type", headers.ChecksumType);
    }

    /// <summary>Writes the checksum of an object.</summary>
    public static void WriteChecksum(XmlWriter xml, ObjectHeaders headers)
    {
        foreach (var (algorithm, value) in headers.Checksums)
        {
            xml.WriteElementString("Checksum" + algorithm, value);
        }

        S3Request.WriteOptional(xml, "ChecksumType", headers.ChecksumType);
    }

    /// <summary>Gives back what the answer to a write repeats of the object's encryption.</summary>
    /// <param name="request">The request.</param>
    /// <param name="headers">The object's.</param>
    /// <param name="withContext">Whether the encryption context is repeated too.</param>
    public static void WriteEncryption(S3Request request, ObjectHeaders headers, bool withContext = false)
    {
        foreach (var (name, value) in headers.Standard.Where(
            h => h.Key.StartsWith(EncryptionHeaders.Algorithm, StringComparison.Ordinal) && (withContext || h.Key != EncryptionHeaders.Context)))
        {
            request.SetHeader(name, value);
        }
    }

    /// <summary>The storage class of an object.</summary>
    public static string StorageClassOf(ObjectHeaders headers) => headers.Standard.GetValueOrDefault(StorageClass, "STANDARD");

    private static string? Value(S3Request request, string name)
    {
        var value = request.Header(name);
        if (name != "content-encoding" || value?.Contains("aws-chunked", StringComparison.OrdinalIgnoreCase) != true)
        {
            return value;
        }

        // aws-chunked is the coding of the request, not of the object
        var codings = value.Split(',', StringSplitOptions.TrimEntries).Where(c => !c.Equals("aws-chunked", StringComparison.OrdinalIgnoreCase) && c.Length > 0).ToList();
        return codings.Count > 0 ? string.Join(", ", codings) : null;
    }

    private static void CheckValues(Dictionary<string, string> standard)
    {
        var storage = standard.GetValueOrDefault(StorageClass, "STANDARD");
        if (storage is "GLACIER" or "DEEP_ARCHIVE" or "OUTPOSTS" or "EXPRESS_ONEZONE" or "SNOW")
        {
            throw AwsErrors.NotImplemented($"S3's storage class {storage}");
        }

        if (!StorageClasses.Contains(storage))
        {
            throw S3Errors.Bad("InvalidStorageClass", "The storage class you specified is not valid", ("StorageClassRequested", storage));
        }

        if (standard.TryGetValue(RedirectLocation, out var location) && !location.StartsWith('/') && !location.StartsWith("http://", StringComparison.OrdinalIgnoreCase) && !location.StartsWith("https://", StringComparison.OrdinalIgnoreCase))
        {
            throw S3Errors.Bad("InvalidRedirectLocation", "The website redirect location must have a prefix of 'http://' or 'https://' or '/'.");
        }

        EncryptionHeaders.Check(standard);
    }

    // a token: RFC 9110, 5.6.2
    [GeneratedRegex(@"\A[!#$%&'*+.^_`|~0-9A-Za-z-]*\z")]
    private static partial Regex HeaderName();
}
