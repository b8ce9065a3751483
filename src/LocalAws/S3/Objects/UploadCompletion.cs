using System.Globalization;
using System.Security.Cryptography;
using System.Xml.Linq;
using Slipway.LocalAws.S3.Settings;
using Slipway.LocalAws.S3.Store;

namespace Slipway.LocalAws.S3.Objects;

/// <summary>What CompleteMultipartUpload asks for: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html</summary>
/// <param name="UploadId">The upload.</param>
/// <param name="Parts">The parts that the object is to have.</param>
internal sealed record UploadCompletion(string UploadId, IReadOnlyList<UploadCompletion.Part> Parts)
{
    /// <summary>S3's smallest part, but for the last one.</summary>
    private const long SmallestPart = 5 << 20;

    private const string Checksum = "Checksum";

    private static readonly XmlShape Document = new("CompleteMultipartUpload",
        XmlShape.Required("Part", [XmlShape.Required("PartNumber"), XmlShape.Required("ETag"), .. Digests.Algorithms.Select(a => new XmlShape(Checksum + a))]) with { Most = int.MaxValue });

    /// <summary>A part that the client names.</summary>
    internal sealed record Part(int Number, string ETag, IReadOnlyDictionary<string, string> Checksums);

    /// <summary>The checksum of the object that the client expects, by its algorithm.</summary>
    public (string Algorithm, string Value)? Expected { get; init; }

    /// <summary>The type of it, or null.</summary>
    public string? ExpectedType { get; init; }

    /// <summary>The size in bytes that the client expects, or null.</summary>
    public long? ExpectedSize { get; init; }

    /// <summary>Reads the parts of a request's XML.</summary>
    /// <exception cref="Aws.Wire.AwsException">MalformedXML.</exception>
    public static IReadOnlyList<Part> Read(XElement root) => [.. Document.Read(root).Elements().Select(part => new Part(
        int.TryParse((string?)part.Element("PartNumber"), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw S3Errors.MalformedXml("a PartNumber is no whole number"),
        part.Element("ETag")!.Value.Trim('"'),
        Digests.Algorithms.Where(a => part.Element(Checksum + a) is not null).ToDictionary(a => a, a => part.Element(Checksum + a)!.Value)))];

    /// <summary>The ETag of an object of parts: the MD5 of their MD5s and their number.</summary>
    public static string ETag(IReadOnlyCollection<UploadedPart> parts) =>
        $"{Convert.ToHexStringLower(MD5.HashData([.. parts.SelectMany(p => Convert.FromHexString(p.ETag))]))}-{parts.Count}";

    /// <summary>The parts that the object will have, of those that came.</summary>
    /// <exception cref="Aws.Wire.AwsException">InvalidPart, InvalidPartOrder, EntityTooSmall, InvalidRequest.</exception>
    public List<UploadedPart> Choose(Upload upload, IReadOnlyCollection<UploadedPart> came)
    {
        var byNumber = came.ToDictionary(p => p.Number);
        var chosen = new List<UploadedPart>();
        foreach (var named in Parts)
        {
            // checksums of parts ask for parts without gaps: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompletedPart.html
            if (upload.Algorithm is null ? chosen.Count > 0 && chosen[^1].Number >= named.Number : named.Number != chosen.Count + 1)
            {
                throw S3Errors.Bad("InvalidPartOrder", "The list of parts was not in ascending order. The parts list must be specified in order by part number.", ("UploadId", UploadId));
            }

            if (!byNumber.TryGetValue(named.Number, out var part) || !string.Equals(part.ETag, named.ETag, StringComparison.OrdinalIgnoreCase))
            {
                throw S3Errors.InvalidPart(named.Number);
            }

            CheckChecksum(upload, named, part);
            chosen.Add(part);
        }

        CheckSizes(chosen);
        return chosen;
    }

    /// <summary>What the object has beside its bytes, its checksum among it.</summary>
    /// <exception cref="Aws.Wire.AwsException">BadDigest, InvalidRequest.</exception>
    public ObjectHeaders Headers(Upload upload, IReadOnlyCollection<UploadedPart> parts)
    {
        var algorithm = upload.Algorithm ?? Digests.DefaultAlgorithm;
        var type = upload.Headers.ChecksumType ?? Digests.FullObject;
        var checksum = type == Digests.Composite
            ? Digests.Compose(algorithm, [.. parts.Select(p => p.Checksum)])
            : Digests.Combine(algorithm, parts.Select(p => (p.Checksum, p.Size)));
        if (ExpectedType is { } wanted && wanted != type)
        {
            throw S3Errors.InvalidRequest($"The upload was created using the {type} checksum mode. The complete request must use the same checksum mode.");
        }

        if (Expected is var (given, value) && (given != algorithm || value != checksum))
        {
            throw S3Errors.Bad("BadDigest", $"The {given} you specified did not match the calculated checksum.");
        }

        return upload.Headers.With(algorithm, checksum, type);
    }

    private static void CheckChecksum(Upload upload, Part named, UploadedPart part)
    {
        var algorithm = upload.Algorithm ?? Digests.DefaultAlgorithm;
        if (named.Checksums.TryGetValue(algorithm, out var value) && value != part.Checksum)
        {
            throw S3Errors.InvalidPart(named.Number);
        }

        if (value is null && upload.Algorithm is not null && upload.Headers.ChecksumType == Digests.Composite)
        {
            throw S3Errors.InvalidRequest(
                $"The upload was created using a {algorithm.ToLowerInvariant()} checksum. The complete request must include the checksum for each part. It was missing for part {named.Number} in the request.");
        }
    }

    private void CheckSizes(List<UploadedPart> chosen)
    {
        if (chosen.SkipLast(1).FirstOrDefault(p => p.Size < SmallestPart) is { } small)
        {
            throw S3Errors.Bad(
                "EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size",
                ("ProposedSize", $"{small.Size}"), ("MinSizeAllowed", $"{SmallestPart}"), ("PartNumber", $"{small.Number}"), ("ETag", small.ETag));
        }

        var size = chosen.Sum(p => p.Size);
        if (ExpectedSize is { } wanted && wanted != size)
        {
            throw S3Errors.InvalidRequest($"The provided 'x-amz-mp-object-size' header value {wanted} does not match what was computed: {size}");
        }
    }
}
