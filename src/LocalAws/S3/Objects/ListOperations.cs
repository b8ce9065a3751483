using System.Xml;
using Slipway.LocalAws.S3.Requests;
using Slipway.LocalAws.S3.Store;

namespace Slipway.LocalAws.S3.Objects;

/// <summary>The operations that list the objects of a bucket.</summary>
internal sealed class ListOperations(ObjectListing listing, Buckets buckets)
{
    [S3Operation("GET", S3Level.Bucket, Query = ["list-type=2"], Optional = ["prefix", "delimiter", "max-keys", "continuation-token", "start-after", "encoding-type", "fetch-owner"])]
    public Task ListObjectsV2(S3Request request)
    {
        var token = request.Parameter("continuation-token");
        var after = token is null ? request.Parameter("start-after") ?? "" : ContinuationToken.Last(token);
        return List(request, after, request.Parameter("fetch-owner") == "true", (xml, page, encode) =>
        {
            xml.WriteElementString("KeyCount", $"{page.Objects.Count + page.CommonPrefixes.Count}");
            S3Request.WriteOptional(xml, "ContinuationToken", token);
            S3Request.WriteOptional(xml, "NextContinuationToken", page.Truncated ? ContinuationToken.After(page.Last) : null);
            S3Request.WriteOptional(xml, "StartAfter", request.Parameter("start-after") is { } start ? encode(start) : null);
        });
    }

    [S3Operation("GET", S3Level.Bucket, Optional = ["prefix", "delimiter", "max-keys", "marker", "encoding-type"])]
    public Task ListObjects(S3Request request)
    {
        var marker = request.Parameter("marker") ?? "";
        return List(request, marker, owner: true, (xml, page, encode) =>
        {
            xml.WriteElementString("Marker", encode(marker));
            // without a delimiter, the next marker is the last key
            S3Request.WriteOptional(xml, "NextMarker", page.Truncated && request.Parameter("delimiter") is { Length: > 0 } ? encode(page.Last) : null);
        });
    }

    private Task List(S3Request request, string after, bool owner, Action<XmlWriter, ObjectPage, Func<string, string>> writePosition)
    {
        buckets.Require(request.Bucket);
        var (prefix, delimiter, size) = (request.Parameter("prefix") ?? "", request.Parameter("delimiter") ?? "", request.PageSize("max-keys"));
        var encode = request.Encoding();
        var page = listing.Page(request.Bucket, prefix, delimiter, (after, long.MaxValue), size);
        return request.AnswerXml("ListBucketResult", xml =>
        {
            xml.WriteElementString("Name", request.Bucket);
            xml.WriteElementString("Prefix", encode(prefix));
            S3Request.WriteOptional(xml, "Delimiter", delimiter.Length == 0 ? null : encode(delimiter));
            xml.WriteElementString("MaxKeys", $"{size}");
            S3Request.WriteOptional(xml, "EncodingType", request.Parameter("encoding-type"));
            writePosition(xml, page, encode);
            xml.WriteElementString("IsTruncated", page.Truncated ? "true" : "false");
            foreach (var stored in page.Objects)
            {
                xml.WriteStartElement("Contents");
                WriteFields(request, xml, stored, encode, owner);
                xml.WriteEndElement();
            }

            WriteCommonPrefixes(xml, page.CommonPrefixes, encode);
        });
    }

    /// <summary>Writes what keys have in common up to a delimiter.</summary>
    public static void WriteCommonPrefixes(XmlWriter xml, IReadOnlyList<string> prefixes, Func<string, string> encode)
    {
        foreach (var prefix in prefixes)
        {
            xml.WriteStartElement("CommonPrefixes");
            xml.WriteElementString("Prefix", encode(prefix));
            xml.WriteEndElement();
        }
    }

    /// <summary>Writes what a listing says of an object, or of a delete marker.</summary>
    public static void WriteFields(S3Request request, XmlWriter xml, StoredObject stored, Func<string, string> encode, bool owner)
    {
        xml.WriteElementString("Key", encode(stored.Key));
        xml.WriteElementString("LastModified", S3Request.Iso(stored.LastModified));
        if (owner)
        {
            request.WriteOwner(xml, "Owner");
        }

        if (stored.IsDeleteMarker)
        {
            return;
        }

        xml.WriteElementString("ETag", $"\"{stored.ETag}\"");
        foreach (var algorithm in stored.Headers.Checksums.Keys)
        {
            xml.WriteElementString("ChecksumAlgorithm", algorithm);
        }

        S3Request.WriteOptional(xml, "ChecksumType", stored.Headers.ChecksumType);
        xml.WriteElementString("Size", $"{stored.Size}");
        xml.WriteElementString("StorageClass", HeaderForms.StorageClassOf(stored.Headers));
    }
}
