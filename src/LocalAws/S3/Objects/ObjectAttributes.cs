using System.Globalization;
using System.Xml;
using Slipway.LocalAws.S3.Requests;
using Slipway.LocalAws.S3.Store;

namespace Slipway.LocalAws.S3.Objects;

/// <summary>The operation that says what an object is, and of which parts: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectAttributes.html</summary>
internal sealed class ObjectAttributes(RequestedObjects requested, ObjectEncryption encryption)
{
    private const string Header = "x-amz-object-attributes";
    private const int LargestPage = 1000;
    private static readonly string[] Known = ["ETag", "Checksum", "ObjectParts", "StorageClass", "ObjectSize"];

    [S3Operation("GET", S3Level.Object, Query = ["attributes"], Optional = ["versionId"])]
    public Task GetObjectAttributes(S3Request request)
    {
        var wanted = Wanted(request);
        var (most, marker) = (Math.Min(Number(request, "x-amz-max-parts", LargestPage), LargestPage), Number(request, "x-amz-part-number-marker", 0));
        var stored = requested.Find(request, withParts: wanted.Contains("ObjectParts"));
        if (wanted.Contains("Checksum"))
        {
            encryption.RequireKey(stored);
        }

        request.SetHeader("Last-Modified", stored.LastModified.ToString("R"));
        return request.AnswerXml("GetObjectAttributesResponse", xml =>
        {
            S3Request.WriteOptional(xml, "ETag", wanted.Contains("ETag") ? stored.ETag : null);
            if (wanted.Contains("Checksum") && stored.Headers.Checksums.Count > 0)
            {
                WriteChecksum(xml, stored.Headers);
            }

            if (wanted.Contains("ObjectParts") && stored.IsMultipart)
            {
                WriteParts(xml, stored.Headers, stored.Parts, marker, most);
            }

            S3Request.WriteOptional(xml, "StorageClass", wanted.Contains("StorageClass") ? HeaderForms.StorageClassOf(stored.Headers) : null);
            S3Request.WriteOptional(xml, "ObjectSize", wanted.Contains("ObjectSize") ? $"{stored.Size}" : null);
        });
    }

    private static HashSet<string> Wanted(S3Request request)
    {
        // a client may send one header a name, or one with all names
        var names = (request.Header(Header) ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return names.Length > 0 && names.FirstOrDefault(n => !Known.Contains(n)) is var unknown && unknown is null
            ? [.. names]
            : throw S3Errors.InvalidArgument("Invalid attribute name specified.", Header, request.Header(Header) ?? "");
    }

    private static int Number(S3Request request, string name, int otherwise) => request.Header(name) is not { } text ? otherwise
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : throw S3Errors.InvalidArgument($"Provided {name} not an integer or within integer range", name, text);

    private static void WriteChecksum(XmlWriter xml, ObjectHeaders headers)
    {
        xml.WriteStartElement("Checksum");
        HeaderForms.WriteChecksum(xml, headers);
        xml.WriteEndElement();
    }

    // an object's parts are numbered anew, without the gaps that an upload may have; each has a checksum, S3's own where the
    // upload named none: https://docs.aws.amazon.com/AmazonS3/latest/API/API_ObjectPart.html
    private static void WriteParts(XmlWriter xml, ObjectHeaders headers, IReadOnlyList<UploadedPart> parts, int marker, int most)
    {
        var page = parts.Skip(marker).Take(most).ToList();
        xml.WriteStartElement("ObjectParts");
        xml.WriteElementString("PartsCount", $"{parts.Count}");
        xml.WriteElementString("PartNumberMarker", $"{marker}");
        xml.WriteElementString("NextPartNumberMarker", $"{Math.Min(marker, parts.Count) + page.Count}");
        xml.WriteElementString("MaxParts", $"{most}");
        xml.WriteElementString("IsTruncated", marker + page.Count < parts.Count ? "true" : "false");
        for (var i = 0; i < page.Count; i++)
        {
            xml.WriteStartElement("Part");
            xml.WriteElementString("PartNumber", $"{marker + i + 1}");
            xml.WriteElementString("Size", $"{page[i].Size}");
            xml.WriteElementString("Checksum" + headers.Checksums.Keys.Single(), page[i].Checksum);
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    }
}
