using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml;
using Slipway.LocalAws.S3.Requests;
using Slipway.LocalAws.S3.Settings;
using Slipway.LocalAws.S3.Store;

namespace Slipway.LocalAws.S3.Objects;

/// <summary>The operations that copy objects, whole or as parts of an upload.</summary>
internal sealed partial class CopyOperations(ObjectStore objects, ObjectFiles files, ObjectEncryption encryption, Buckets buckets, Uploads uploads)
{
    private static readonly string[] Changes = ["x-amz-storage-class", "x-amz-website-redirect-location", "x-amz-server-side-encryption", "x-amz-checksum-algorithm"];

    [S3Operation("PUT", S3Level.Object, Header = CopySource.Header)]
    public async Task CopyObject(S3Request request)
    {
        var bucket = objects.CheckPlace(request.Bucket, request.Key);
        var (place, condition, given) = (CopySource.Of(request), Conditions.OfWrite(request), HeaderForms.Read(request));
        var (replaces, retags) = (Replaces(request, "metadata"), Replaces(request, "tagging"));
        condition?.Invoke(objects.Find(request.Bucket, request.Key));
        if (!replaces && place == new CopySource(request.Bucket, request.Key, null) && Changes.All(name => request.Header(name) is null))
        {
            throw S3Errors.InvalidRequest(
                "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.");
        }

        var (source, content) = place.Open(request, objects, buckets);
        await using (content)
        {
            CheckSize(source.Size);
            var algorithm = ChecksumHeader.CheckAlgorithm(request.Header("x-amz-checksum-algorithm")) ?? source.Headers.Checksums.Keys.FirstOrDefault();
            using var digests = new Digests(algorithm ?? Digests.DefaultAlgorithm);
            var (headers, dataKey) = encryption.Begin(bucket, request.Key, replaces ? given : Inherit(source.Headers, given));
            var written = await files.Write(content, digests, dataKey, request.Cancellation);
            var stored = objects.Name(
                written, request.Bucket, request.Key, headers.With(digests) with { Tags = retags ? given.Tags : source.Headers.Tags }, condition, nameof(CopyObject));
            RequestedObjects.WriteVersion(request, bucket, stored);
            BucketLifecycle.WriteExpiration(request, bucket, stored);
            HeaderForms.WriteEncryption(request, stored.Headers, withContext: true);
            await request.AnswerXml("CopyObjectResult", xml =>
            {
                WriteResult(xml, stored.ETag, stored.LastModified);
                HeaderForms.WriteChecksum(xml, stored.Headers);
            });
        }
    }

    [S3Operation("PUT", S3Level.Object, Query = ["partNumber", "uploadId"], Header = CopySource.Header)]
    public async Task UploadPartCopy(S3Request request)
    {
        var number = MultipartOperations.PartNumber(request);
        var upload = uploads.Require(request.Bucket, request.Key, request.Parameter("uploadId")!);
        var (source, content) = CopySource.Of(request).Open(request, objects, buckets);
        await using (content)
        {
            var range = Range(request.Header("x-amz-copy-source-range"), source.Size);
            CheckSize(range.Length);
            content.Position = range.Start;
            using var digests = new Digests(upload.Algorithm ?? Digests.DefaultAlgorithm);
            var dataKey = encryption.DataKey(upload.Bucket, upload.Key, upload.Headers);
            var written = await files.WritePart(new RangeStream(content, range.Length), digests, dataKey, request.Cancellation);
            var part = uploads.Put(upload, number, written, digests.Value());
            HeaderForms.WriteEncryption(request, upload.Headers);
            await request.AnswerXml("CopyPartResult", xml =>
            {
                WriteResult(xml, part.ETag, part.LastModified);
                S3Request.WriteOptional(xml, "Checksum" + digests.Algorithm, upload.Algorithm is null ? null : part.Checksum);
            });
        }
    }

    private static void CheckSize(long size)
    {
        if (size > ObjectOperations.LargestPut)
        {
            throw S3Errors.InvalidRequest($"The specified copy source is larger than the maximum allowable size for a copy source: {ObjectOperations.LargestPut}");
        }
    }

    /// <summary>Whether the copy takes its metadata, or its tags, from the request instead of from its source.</summary>
    private static bool Replaces(S3Request request, string what) => request.Header($"x-amz-{what}-directive") switch
    {
        null or "COPY" => false,
        "REPLACE" => true,
        var other => throw S3Errors.InvalidArgument($"Unknown {what} directive.", $"x-amz-{what}-directive", other),
    };

    // storage class, redirection and encryption are the copy's own, whatever becomes of the metadata
    private static ObjectHeaders Inherit(ObjectHeaders source, ObjectHeaders given) => source with
    {
        Standard = source.Standard.Where(h => !h.Key.StartsWith("x-amz-", StringComparison.Ordinal))
            .Concat(given.Standard.Where(h => h.Key.StartsWith("x-amz-", StringComparison.Ordinal))).ToDictionary(),
    };

    private static ByteRange Range(string? header, long size)
    {
        if (header is null)
        {
            return new(0, size);
        }

        if (!CopyRange().IsMatch(header))
        {
            throw S3Errors.InvalidArgument(
                "The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy",
                "x-amz-copy-source-range", header);
        }

        var (first, last) = (Offset(header["bytes=".Length..].Split('-')[0]), Offset(header.Split('-')[1]));
        return first <= last && last < size
            ? new(first, last - first + 1)
            : throw S3Errors.InvalidArgument($"Range specified is not valid for source object of size: {size}", "x-amz-copy-source-range", header);
    }

    // a number beyond any source's size is as good as the largest
    private static long Offset(string digits) => long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var offset) ? offset : long.MaxValue;

    private static void WriteResult(XmlWriter xml, string etag, DateTimeOffset modified)
    {
        xml.WriteElementString("LastModified", S3Request.Iso(modified));
        xml.WriteElementString("ETag", $"\"{etag}\"");
    }

    [GeneratedRegex(@"\Abytes=[0-9]+-[0-9]+\z")]
    private static partial Regex CopyRange();

    /// <summary>The next bytes of a stream, up to a number.</summary>
    private sealed class RangeStream(Stream content, long length) : ForwardStream
    {
        private long _left = length;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await content.ReadAsync(buffer[..(int)Math.Min(buffer.Length, _left)], cancellationToken);
            _left -= read;
            return read;
        }
    }
}
