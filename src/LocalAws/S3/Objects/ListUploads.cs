using System.Xml;
using Slipway.LocalAws.S3.Requests;
using Slipway.LocalAws.S3.Store;

namespace Slipway.LocalAws.S3.Objects;

/// <summary>The operation that lists the multipart uploads of a bucket.</summary>
internal sealed class ListUploads(Uploads uploads, Buckets buckets)
{
    [S3Operation("GET", S3Level.Bucket, Query = ["uploads"], Optional = ["prefix", "delimiter", "key-marker", "upload-id-marker", "max-uploads", "encoding-type"])]
    public Task ListMultipartUploads(S3Request request)
    {
        buckets.Require(request.Bucket);
        var (prefix, delimiter, size) = (request.Parameter("prefix") ?? "", request.Parameter("delimiter") ?? "", request.PageSize("max-uploads"));
        var (key, id, encode) = (request.Parameter("key-marker") ?? "", request.Parameter("upload-id-marker") ?? "", request.Encoding());
        var entries = uploads.All(request.Bucket, prefix)
            .Select(u => (Upload: u, Common: ObjectListing.CommonPrefix(u.Key, prefix, delimiter)))
            .Where(e => Follows(e.Upload, e.Common, key, id)).DistinctBy(e => e.Common ?? e.Upload.Id).ToList();
        var page = entries.Take(size).ToList();
        var truncated = size > 0 && entries.Count > size;
        return request.AnswerXml("ListMultipartUploadsResult", xml =>
        {
            xml.WriteElementString("Bucket", request.Bucket);
            xml.WriteElementString("KeyMarker", encode(key));
            xml.WriteElementString("UploadIdMarker", id);
            xml.WriteElementString("Prefix", encode(prefix));
            S3Request.WriteOptional(xml, "Delimiter", delimiter.Length == 0 ? null : encode(delimiter));
            S3Request.WriteOptional(xml, "NextKeyMarker", truncated ? encode(page[^1].Common ?? page[^1].Upload.Key) : null);
            S3Request.WriteOptional(xml, "NextUploadIdMarker", truncated && page[^1].Common is null ? page[^1].Upload.Id : null);
            xml.WriteElementString("MaxUploads", $"{size}");
            S3Request.WriteOptional(xml, "EncodingType", request.Parameter("encoding-type"));
            xml.WriteElementString("IsTruncated", truncated ? "true" : "false");
            foreach (var (upload, common) in page)
            {
                Write(request, xml, upload, common, encode);
            }
        });
    }

    private static bool Follows(Upload upload, string? common, string key, string id) => ObjectListing.Compare(common ?? upload.Key, key) switch
    {
        > 0 => true,
        0 => common is null && id.Length > 0 && string.CompareOrdinal(upload.Id, id) > 0,
        _ => false,
    };

    private static void Write(S3Request request, XmlWriter xml, Upload upload, string? common, Func<string, string> encode)
    {
        if (common is not null)
        {
            ListOperations.WriteCommonPrefixes(xml, [common], encode);
            return;
        }

        xml.WriteStartElement("Upload");
        xml.WriteElementString("Key", encode(upload.Key));
        xml.WriteElementString("UploadId", upload.Id);
        request.WriteOwner(xml, "Initiator");
        request.WriteOwner(xml, "Owner");
        xml.WriteElementString("StorageClass", HeaderForms.StorageClassOf(upload.Headers));
        xml.WriteElementString("Initiated", S3Request.Iso(upload.Initiated));
        S3Request.WriteOptional(xml, "ChecksumAlgorithm", upload.Algorithm);
        xml.WriteEndElement();
    }
}
