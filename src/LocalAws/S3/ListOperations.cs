using System.Globalization;
using System.Xml;

namespace Slipway.LocalAws.S3;

/// <summary>The operations that list the objects of a bucket.</summary>
internal sealed class ListOperations(ObjectListing listing, Buckets buckets)
{
    private const int LargestPage = 1000;

    [S3Operation("GET", S3Level.Bucket, Query = ["list-type=2"], Optional = ["prefix", "delimiter", "max-keys", "continuation-token", "start-after", "encoding-type", "fetch-owner"])]
    public Task ListObjectsV2(S3Request request)
    {
        buckets.Require(request.Bucket);
        var (prefix, delimiter, size) = (request.Parameter("prefix") ?? "", request.Parameter("delimiter") ?? "", PageSize(request));
        var encode = Encoding(request);
        var token = request.Parameter("continuation-token");
        var after = token is null ? request.Parameter("start-after") ?? "" : Decode(token);
        var page = listing.Page(request.Bucket, prefix, delimiter, after, size);
        return request.AnswerXml("ListBucketResult", xml =>
        {
            xml.WriteElementString("Name", request.Bucket);
            xml.WriteElementString("Prefix", encode(prefix));
            WriteOptional(xml, "Delimiter", delimiter.Length == 0 ? null : encode(delimiter));
            xml.WriteElementString("MaxKeys", size.ToString());
            WriteOptional(xml, "EncodingType", request.Parameter("encoding-type"));
            xml.WriteElementString("KeyCount", (page.Objects.Count + page.CommonPrefixes.Count).ToString());
            WriteOptional(xml, "ContinuationToken", token);
            WriteOptional(xml, "NextContinuationToken", page.Truncated ? Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(page.Last)) : null);
            WriteOptional(xml, "StartAfter", request.Parameter("start-after") is { } start ? encode(start) : null);
            xml.WriteElementString("IsTruncated", page.Truncated ? "true" : "false");
            WriteEntries(xml, page, encode, request.Parameter("fetch-owner") == "true" ? request.Caller.AccountId : null);
        });
    }

    private static void WriteEntries(XmlWriter xml, ObjectPage page, Func<string, string> encode, string? owner)
    {
        foreach (var stored in page.Objects)
        {
            xml.WriteStartElement("Contents");
            xml.WriteElementString("Key", encode(stored.Key));
            xml.WriteElementString("LastModified", stored.LastModified.ToString("yyyy-MM-dd'T'HH:mm:ss.000'Z'"));
            xml.WriteElementString("ETag", $"\"{stored.ETag}\"");
            xml.WriteElementString("Size", stored.Size.ToString());
            if (owner is not null)
            {
                xml.WriteStartElement("Owner");
                xml.WriteElementString("ID", owner);
                xml.WriteEndElement();
            }

            xml.WriteElementString("StorageClass", "STANDARD");
            xml.WriteEndElement();
        }

        foreach (var common in page.CommonPrefixes)
        {
            xml.WriteStartElement("CommonPrefixes");
            xml.WriteElementString("Prefix", encode(common));
            xml.WriteEndElement();
        }
    }

    private static int PageSize(S3Request request) => request.Parameter("max-keys") is not { } text ? LargestPage
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var size) ? Math.Min(size, LargestPage)
        : throw S3Errors.InvalidArgument("Provided max-keys not an integer or within integer range", "max-keys", text);

    private static Func<string, string> Encoding(S3Request request) => request.Parameter("encoding-type") switch
    {
        null or "" => text => text,
        "url" => text => Uri.EscapeDataString(text).Replace("%2F", "/"),
        var other => throw S3Errors.InvalidArgument("Invalid Encoding Method specified in Request", "encoding-type", other),
    };

    private static string Decode(string token)
    {
        var bytes = new byte[token.Length];
        return Convert.TryFromBase64String(token, bytes, out var length)
            ? System.Text.Encoding.UTF8.GetString(bytes, 0, length)
            : throw S3Errors.InvalidArgument("The continuation token provided is incorrect", "continuation-token", token);
    }

    private static void WriteOptional(XmlWriter xml, string name, string? value)
    {
        if (value is not null)
        {
            xml.WriteElementString(name, value);
        }
    }
}
