namespace Slipway.LocalAws.S3;

/// <summary>The operation that puts an object whole.</summary>
internal sealed class ObjectOperations(ObjectStore objects, ObjectFiles files, ObjectEncryption encryption)
{
    // S3's largest single put
    private const long LargestPut = 5L << 30;

    [S3Operation("PUT", S3Level.Object)]
    public async Task PutObject(S3Request request)
    {
        var bucket = objects.CheckPlace(request.Bucket, request.Key);
        var (headers, condition) = (HeaderForms.Read(request), Conditions.OfWrite(request));
        await using var body = new RequestBody(request, ChecksumHeader.CheckAlgorithm(request.Header("x-amz-sdk-checksum-algorithm")));
        CheckSize(body.Length);
        // what can't be is refused before its bytes come
        condition?.Invoke(objects.Find(request.Bucket, request.Key));
        var (kept, dataKey) = encryption.Begin(bucket, request.Key, headers);
        var written = await files.Write(body, body.Digests, dataKey, request.Cancellation, body.Verify);
        var stored = objects.Name(written, request.Bucket, request.Key, kept.With(body.Digests), condition);
        request.SetHeader("ETag", $"\"{stored.ETag}\"");
        RequestedObjects.WriteVersion(request, bucket, stored);
        HeaderForms.WriteChecksum(request, stored.Headers);
        HeaderForms.WriteEncryption(request, stored.Headers, withContext: true);
        await request.Answer();
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
