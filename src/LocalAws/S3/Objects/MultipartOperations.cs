using System.Globalization;
using System.Xml;
using Microsoft.AspNetCore.Http;
using Slipway.LocalAws.S3.Requests;
using Slipway.LocalAws.S3.Settings;
using Slipway.LocalAws.S3.Store;

namespace Slipway.LocalAws.S3.Objects;

/// <summary>The operations of multipart uploads: https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html</summary>
internal sealed class MultipartOperations(Uploads uploads, ObjectFiles files, ObjectEncryption encryption, Buckets buckets)
{
    /// <summary>The most parts of an upload, and the largest number of one.</summary>
    public const int MostParts = 10_000;

    /// <summary>The number of a part in a request.</summary>
    /// <exception cref="Aws.Wire.AwsException">InvalidArgument.</exception>
    public static int PartNumber(S3Request request)
    {
        var text = request.Parameter("partNumber")!;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= MostParts
            ? number
            : throw S3Errors.InvalidArgument($"Part number must be an integer between 1 and {MostParts}, inclusive", "partNumber", text);
    }

    [S3Operation("POST", S3Level.Object, Query = ["uploads"])]
    public Task CreateMultipartUpload(S3Request request)
    {
        var bucket = buckets.Require(request.Bucket);
        var algorithm = ChecksumHeader.CheckAlgorithm(request.Header("x-amz-checksum-algorithm"));
        var type = ChecksumType(request.Header("x-amz-checksum-type")?.ToUpperInvariant(), algorithm);
        var (headers, _) = encryption.Begin(bucket, request.Key, HeaderForms.Read(request) with { ChecksumType = type });
        var upload = uploads.Create(request.Bucket, request.Key, headers, algorithm);
        request.SetHeader("x-amz-checksum-algorithm", algorithm);
        request.SetHeader("x-amz-checksum-type", algorithm is null ? null : type);
        HeaderForms.WriteEncryption(request, upload.Headers, withContext: true);
        BucketLifecycle.WriteAbort(request, bucket, upload);
        return request.AnswerXml("InitiateMultipartUploadResult", xml =>
        {
            xml.WriteElementString("Bucket", request.Bucket);
            xml.WriteElementString("Key", request.Key);
            xml.WriteElementString("UploadId", upload.Id);
        });
    }

    [S3Operation("PUT", S3Level.Object, Query = ["partNumber", "uploadId"])]
    public async Task UploadPart(S3Request request)
    {
        EncryptionHeaders.Refuse(request);
        var number = PartNumber(request);
        var upload = uploads.Require(request.Bucket, request.Key, request.Parameter("uploadId")!);
        await using var body = new RequestBody(request, always: upload.Algorithm ?? Digests.DefaultAlgorithm);
        ObjectOperations.CheckSize(body.Length);
        // SDKs send each part with a checksum of their default algorithm although the upload was created without one
        if (upload.Algorithm is { } expected && body.Algorithm is { } given && given != expected)
        {
            throw S3Errors.InvalidRequest(
                $"Checksum Type mismatch occurred, expected checksum Type: {expected.ToLowerInvariant()}, actual checksum Type: {given.ToLowerInvariant()}");
        }

        var dataKey = encryption.DataKey(upload.Bucket, upload.Key, upload.Headers);
        var written = await files.WritePart(body, body.Digests, dataKey, request.Cancellation, body.Verify);
        var part = uploads.Put(upload, number, written, body.Digests.Value());
        request.SetHeader("ETag", $"\"{part.ETag}\"");
        var algorithm = body.Algorithm ?? body.Digests.Algorithm;
        request.SetHeader(ChecksumHeader.Name(algorithm), body.Digests.Value(algorithm));
        HeaderForms.WriteEncryption(request, upload.Headers);
        await request.Answer();
    }

    [S3Operation("POST", S3Level.Object, Query = ["uploadId"])]
    public async Task CompleteMultipartUpload(S3Request request)
    {
        var bucket = buckets.Require(request.Bucket);
        // a checksum header is that of the object here, not that of this request's XML
        var expected = ChecksumHeader.Of(request);
        var root = await RequestBody.ReadXml(request, ofObject: true);
        var completion = new UploadCompletion(request.Parameter("uploadId")!, UploadCompletion.Read(root))
        {
            Expected = expected is { Value: { } value } ? (expected.Algorithm, value) : null,
            ExpectedType = request.Header("x-amz-checksum-type"),
            ExpectedSize = request.Header("x-amz-mp-object-size") is not { } size ? null
                : long.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes) ? bytes
                : throw S3Errors.InvalidArgument("The size is not a number of bytes", "x-amz-mp-object-size", size),
        };
        var stored = uploads.Complete(request.Bucket, request.Key, completion, Conditions.OfWrite(request));
        RequestedObjects.WriteVersion(request, bucket, stored);
        BucketLifecycle.WriteExpiration(request, bucket, stored);
        HeaderForms.WriteEncryption(request, stored.Headers);
        await request.AnswerXml("CompleteMultipartUploadResult", xml =>
        {
            xml.WriteElementString("Location", $"{request.Http.Request.Scheme}://{request.Http.Request.Host}{request.Http.Request.Path}");
            xml.WriteElementString("Bucket", request.Bucket);
            xml.WriteElementString("Key", request.Key);
            xml.WriteElementString("ETag", $"\"{stored.ETag}\"");
            HeaderForms.WriteChecksum(xml, stored.Headers);
        });
    }

    [S3Operation("DELETE", S3Level.Object, Query = ["uploadId"])]
    public Task AbortMultipartUpload(S3Request request)
    {
        uploads.Abort(request.Bucket, request.Key, request.Parameter("uploadId")!);
        return request.Answer(StatusCodes.Status204NoContent);
    }

    [S3Operation("GET", S3Level.Object, Query = ["uploadId"], Optional = ["max-parts", "part-number-marker", "encoding-type"])]
    public Task ListParts(S3Request request)
    {
        var upload = uploads.Require(request.Bucket, request.Key, request.Parameter("uploadId")!);
        BucketLifecycle.WriteAbort(request, buckets.Require(request.Bucket), upload);
        var (size, marker, encode) = (request.PageSize("max-parts"), request.Number("part-number-marker", 0), request.Encoding());
        var parts = uploads.Parts(upload.Id, marker, size + 1);
        var truncated = size > 0 && parts.Count > size;
        var page = parts.Take(size).ToList();
        return request.AnswerXml("ListPartsResult", xml =>
        {
            xml.WriteElementString("Bucket", request.Bucket);
            xml.WriteElementString("Key", encode(request.Key));
            xml.WriteElementString("UploadId", upload.Id);
            xml.WriteElementString("PartNumberMarker", $"{marker}");
            S3Request.WriteOptional(xml, "NextPartNumberMarker", truncated ? $"{page[^1].Number}" : null);
            xml.WriteElementString("MaxParts", $"{size}");
            xml.WriteElementString("IsTruncated", truncated ? "true" : "false");
            request.WriteOwner(xml, "Initiator");
            request.WriteOwner(xml, "Owner");
            xml.WriteElementString("StorageClass", HeaderForms.StorageClassOf(upload.Headers));
            S3Request.WriteOptional(xml, "ChecksumAlgorithm", upload.Algorithm);
            S3Request.WriteOptional(xml, "ChecksumType", upload.Algorithm is null ? null : upload.Headers.ChecksumType);
            page.ForEach(part => WritePart(xml, part, upload.Algorithm));
        });
    }

    private static void WritePart(XmlWriter xml, UploadedPart part, string? algorithm)
    {
        xml.WriteStartElement("Part");
        xml.WriteElementString("PartNumber", $"{part.Number}");
        xml.WriteElementString("LastModified", S3Request.Iso(part.LastModified));
        xml.WriteElementString("ETag", $"\"{part.ETag}\"");
        xml.WriteElementString("Size", $"{part.Size}");
        if (algorithm is not null)
        {
            xml.WriteElementString("Checksum" + algorithm, part.Checksum);
        }

        xml.WriteEndElement();
    }

    private static string? ChecksumType(string? type, string? algorithm)
    {
        if (algorithm is null)
        {
            return type is null ? Digests.FullObject : throw S3Errors.InvalidRequest("The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.");
        }

        var onlyFull = algorithm == Digests.DefaultAlgorithm;
        type ??= onlyFull ? Digests.FullObject : Digests.Composite;
        return type is not (Digests.FullObject or Digests.Composite) ? throw S3Errors.InvalidRequest("Value for x-amz-checksum-type header is invalid.")
            : (type == Digests.Composite && onlyFull) || (type == Digests.FullObject && Digests.OnlyComposite(algorithm))
                ? throw S3Errors.InvalidRequest($"The {type} checksum type cannot be used with the {algorithm.ToLowerInvariant()} checksum algorithm.")
            : type;
    }
}
