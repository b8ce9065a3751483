using System.Net;
using System.Xml;
using Microsoft.AspNetCore.Http;
using Slipway.Aws.Wire;

namespace Slipway.LocalAws.S3;

/// <summary>The operations that put and delete objects.</summary>
internal sealed class ObjectOperations(ObjectStore objects, ObjectFiles files, Buckets buckets)
{
    private const int MostDeletes = 1000;

    // S3's largest single put
    private const long LargestPut = 5L << 30;

    [S3Operation("PUT", S3Level.Object)]
    public async Task PutObject(S3Request request)
    {
        objects.CheckPlace(request.Bucket, request.Key);
        var (headers, condition) = (HeaderForms.Read(request), Conditions.OfWrite(request));
        await using var body = new RequestBody(request, ChecksumHeader.CheckAlgorithm(request.Header("x-amz-sdk-checksum-algorithm")));
        CheckSize(body.Length);
        var written = await files.Write(body, body.Digests, request.Cancellation, body.Verify);
        var stored = objects.Name(written, request.Bucket, request.Key, written.Md5, headers.With(body.Digests), condition);
        request.SetHeader("ETag", $"\"{stored.ETag}\"");
        HeaderForms.WriteChecksum(request, stored.Headers);
        HeaderForms.WriteEncryption(request, stored.Headers);
        await request.Answer();
    }

    [S3Operation("DELETE", S3Level.Object)]
    public Task DeleteObject(S3Request request)
    {
        buckets.Require(request.Bucket);
        objects.Delete(request.Bucket, [(request.Key, Conditions.OfDelete(request.Header("If-Match")))]);
        return request.Answer(StatusCodes.Status204NoContent);
    }

    [S3Operation("POST", S3Level.Bucket, Query = ["delete"])]
    public async Task DeleteObjects(S3Request request)
    {
        buckets.Require(request.Bucket);
        if (request.Header("Content-MD5") is null && ChecksumHeader.Of(request) is null)
        {
            throw S3Errors.InvalidRequest("Missing required header for this request: Content-MD5 OR x-amz-checksum-*");
        }

        var root = await RequestBody.ReadXml(request);
        var named = root.Elements("Object").Select(o => (Key: (string?)o.Element("Key") ?? "", ETag: (string?)o.Element("ETag"), Version: (string?)o.Element("VersionId"))).ToList();
        if (root.Name.LocalName != "Delete" || named.Count is 0 or > MostDeletes || named.Any(o => o.Key.Length == 0))
        {
            throw S3Errors.MalformedXml($"Delete with 1 to {MostDeletes} Objects is expected, each with a Key");
        }

        // deletions without a condition can't fail: they share one commit
        var plain = named.Where(o => o.ETag is null && o.Version is null or "null").ToList();
        objects.Delete(request.Bucket, [.. plain.Select(o => (o.Key, (Action<StoredObject?>?)null))]);
        var errors = named.Except(plain).Select(o => (o.Key, Error: TryDelete(request.Bucket, o.Key, o.ETag, o.Version))).Where(r => r.Error is not null).ToList();
        var failed = errors.ConvertAll(e => e.Key);
        await request.AnswerXml("DeleteResult", xml =>
        {
            if ((string?)root.Element("Quiet") != "true")
            {
                WriteDeleted(xml, named.Select(o => o.Key).Where(k => !failed.Contains(k)));
            }

            foreach (var (key, error) in errors)
            {
                xml.WriteStartElement("Error");
                xml.WriteElementString("Key", key);
                xml.WriteElementString("Code", error!.Code);
                xml.WriteElementString("Message", error.Message);
                xml.WriteEndElement();
            }
        });
    }

    /// <summary>Refuses a content that S3 takes in parts only.</summary>
    public static void CheckSize(long size)
    {
        if (size > LargestPut)
        {
            throw S3Errors.Bad(
                "EntityTooLarge", "Your proposed upload exceeds the maximum allowed size", ("ProposedSize", $"{size}"), ("MaxSizeAllowed", $"{LargestPut}"));
        }
    }

    private AwsException? TryDelete(string bucket, string key, string? etag, string? version)
    {
        try
        {
            if (version is not (null or "null"))
            {
                throw S3Errors.Make("NoSuchVersion", HttpStatusCode.NotFound, "The specified version does not exist.", ("VersionId", version));
            }

            objects.Delete(bucket, [(key, Conditions.OfDelete(etag))]);
            return null;
        }
        catch (AwsException e)
        {
            return e;
        }
    }

    private static void WriteDeleted(XmlWriter xml, IEnumerable<string> keys)
    {
        foreach (var key in keys)
        {
            xml.WriteStartElement("Deleted");
            xml.WriteElementString("Key", key);
            xml.WriteEndElement();
        }
    }
}
