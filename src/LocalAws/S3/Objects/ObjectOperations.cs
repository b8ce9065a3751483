using Slipway.LocalAws.S3.Requests;
using Slipway.LocalAws.S3.Settings;
using Slipway.LocalAws.S3.Store;

namespace Slipway.LocalAws.S3.Objects;

/// <summary>The operation that puts an object whole.</summary>
internal sealed class ObjectOperations(ObjectStore objects, ObjectFiles files, ObjectEncryption encryption)
{
    /// <summary>S3's largest single put, in bytes.</summary>
    public const long LargestPut = 5L << 30;

    [S3Operation("PUT", S3Level.Object)]
    public async Task PutObject(S3Request request)
    {
        await using var body = new RequestBody(request, ChecksumHeader.CheckAlgorithm(request.Header("x-amz-sdk-checksum-algorithm")));
        CheckSize(body.Length);
        await Put(request, body, body.Digests, body.Verify, nameof(PutObject));
        await request.Answer();
    }

    /// <summary>Puts what a request describes, and describes it in the answer's headers.</summary>
    /// <param name="request">The request, or what a form stands for.</param>
    /// <param name="content">The bytes.</param>
    /// <param name="digests">Takes them.</param>
    /// <param name="verify">Throws where what the digests took is not what was to come.</param>
    /// <param name="reason">The operation, for the event.</param>
    public async Task<StoredObject> Put(S3Request request, Stream content, Digests digests, Action verify, string reason)
    {
        var bucket = objects.CheckPlace(request.Bucket, request.Key);
        var (headers, condition) = (HeaderForms.Read(request), Conditions.OfWrite(request));
        // what can't be is refused before its bytes come
        condition?.Invoke(objects.Find(request.Bucket, request.Key));
        var (kept, dataKey) = encryption.Begin(bucket, request.Key, headers);
        EncryptionHeaders.RequireVersion4(request, kept.Standard);
        var written = await files.Write(content, digests, dataKey, request.Cancellation, verify);
        var stored = objects.Name(written, request.Bucket, request.Key, kept.With(digests), condition, reason);
        request.SetHeader("ETag", $"\"{stored.ETag}\"");
        RequestedObjects.WriteVersion(request, bucket, stored);
        BucketLifecycle.WriteExpiration(request, bucket, stored);
        HeaderForms.WriteChecksum(request, stored.Headers);
        HeaderForms.WriteEncryption(request, stored.Headers, withContext: true);
        return stored;
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
}
