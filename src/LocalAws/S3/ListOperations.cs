using System.Xml;

namespace Slipway.LocalAws.S3;

/// <summary>The operations that list the objects of a bucket.</summary>
internal sealed class ListOperations(ObjectListing listing, Buckets buckets)
{
    [S3Operation("GET", S3Level.Bucket, Query = ["list-type=2"], Optional = ["prefix", "delimiter", "max-keys", "continuation-token", "start-after", "encoding-type", "fetch-owner"])]
    public Task ListObjectsV2(S3Request request)
    {
        var token = request.Parameter("continuation-token");
        var after = token is null ? request.Parameter("start-after") ?? "" : S3Request.Decode(token);
        return List(request, after, request.Parameter("fetch-owner") == "true", (xml, page, encode) =>
        {
            xml.WriteElementString("KeyCount", $"{page.Objects.Count + page.CommonPrefixes.Count}");
            S3Request.WriteOptional(xml, "ContinuationToken", token);
            S3Request.WriteOptional(xml, "NextContinuationToken", page.Truncated ? S3Request.Encode(page.Last) : null);
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
        var page = listing.Page(request.Bucket, prefix, delimiter, after, size);
        return request.AnswerXml("ListBucketResult", xml =>
        {
            xml.WriteElementString("Name", request.Bucket);
            xml.WriteElementString("Prefix", encode(prefix));
            S3Request.WriteOptional(xml, "Delimiter", delimiter.Length == 0 ? null : encode(delimiter));
            xml.WriteElementString("MaxKeys", $"{size}");
            S3Request.WriteOptional(xml, "EncodingType", request.Parameter("encoding-type"));
            writePosition(xml, page, encode);
            xml.WriteElementString("IsTruncated", page.Truncated ? "true" : "false");
            page.Objects.ForEach(stored => WriteObject(request, xml, stored, encode, owner));
            foreach (var common in page.CommonPrefixes)
            {
                xml.WriteStartElement("CommonPrefixes");
                xml.WriteElementString("Prefix", encode(common));
                xml.WriteEndElement();
            }
        });
    }

    private static void WriteObject(S3Request request, XmlWriter xml, StoredObject stored, Func<string, string> encode, bool owner)
    {
        xml.WriteStartElement("Contents");
        xml.WriteElementString("Key", encode(stored.Key));
        xml.WriteElementString("LastModified", S3Request.Iso(stored.LastModified));
        xml.WriteElementString("ETag", $"\"{stored.ETag}\"");
        foreach (var algorithm in stored.Headers.Checksums.Keys)
        {
            xml.WriteElementString("ChecksumAlgorithm", algorithm);
        }

        S3Request.WriteOptional(xml, "ChecksumType", stored.Headers.ChecksumType);
        xml.WriteElementString("Size", $"{stored.Size}");
        if (owner)
        {
            request.WriteOwner(xml, "Owner");
        }

        xml.WriteElementString("StorageClass", HeaderForms.StorageClassOf(stored.Headers));
        xml.WriteEndElement();
    }
}
