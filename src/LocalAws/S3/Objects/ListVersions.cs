using System.Xml;
using Slipway.LocalAws.S3.Requests;
using Slipway.LocalAws.S3.Store;

namespace Slipway.LocalAws.S3.Objects;

/// <summary>The operation that lists the versions of a bucket's objects.</summary>
internal sealed class ListVersions(ObjectListing listing, ObjectStore objects, Buckets buckets)
{
    [S3Operation("GET", S3Level.Bucket, Query = ["versions"], Optional = ["prefix", "delimiter", "max-keys", "key-marker", "version-id-marker", "encoding-type"])]
    public Task ListObjectVersions(S3Request request)
    {
        buckets.Require(request.Bucket);
        var (prefix, delimiter, size) = (request.Parameter("prefix") ?? "", request.Parameter("delimiter") ?? "", request.PageSize("max-keys"));
        var (key, version, encode) = (request.Parameter("key-marker") ?? "", request.Parameter("version-id-marker") ?? "", request.Encoding());
        var page = listing.Page(request.Bucket, prefix, delimiter, (key, After(request.Bucket, key, version)), size, versions: true);
        return request.AnswerXml("ListVersionsResult", xml =>
        {
            xml.WriteElementString("Name", request.Bucket);
            xml.WriteElementString("Prefix", encode(prefix));
            xml.WriteElementString("KeyMarker", encode(key));
            xml.WriteElementString("VersionIdMarker", version);
            S3Request.WriteOptional(xml, "NextKeyMarker", page.Truncated ? encode(page.Last) : null);
            S3Request.WriteOptional(xml, "NextVersionIdMarker", page.Truncated && page.Objects.LastOrDefault() is { } last && last.Key == page.Last ? last.VersionId : null);
            S3Request.WriteOptional(xml, "Delimiter", delimiter.Length == 0 ? null : encode(delimiter));
            xml.WriteElementString("MaxKeys", $"{size}");
            S3Request.WriteOptional(xml, "EncodingType", request.Parameter("encoding-type"));
            xml.WriteElementString("IsTruncated", page.Truncated ? "true" : "false");
            page.Objects.ForEach(stored => Write(request, xml, stored, encode));
            ListOperations.WriteCommonPrefixes(xml, page.CommonPrefixes, encode);
        });
    }

    /// <summary>The place of a version-id-marker among the versions of its key.</summary>
    private long After(string bucket, string key, string version)
    {
        if (version.Length == 0)
        {
            return long.MaxValue;
        }

        if (key.Length == 0)
        {
            throw S3Errors.InvalidArgument("A version-id marker cannot be specified without a key marker.", "version-id-marker", version);
        }

        // a null version that was deleted since has left no place: what the key still has is listed anew
        return VersionId.Sequence(VersionId.Check(version, "version-id-marker")!) ?? objects.FindVersion(bucket, key, version)?.Sequence ?? long.MinValue;
    }

    private static void Write(S3Request request, XmlWriter xml, StoredObject stored, Func<string, string> encode)
    {
        xml.WriteStartElement(stored.IsDeleteMarker ? "DeleteMarker" : "Version");
        xml.WriteElementString("VersionId", stored.VersionId);
        xml.WriteElementString("IsLatest", stored.IsLatest ? "true" : "false");
        ListOperations.WriteFields(request, xml, stored, encode, owner: true);
        xml.WriteEndElement();
    }
}
