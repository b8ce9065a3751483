using Microsoft.AspNetCore.Http;

namespace Slipway.LocalAws.S3;

/// <summary>The operations on buckets.</summary>
internal sealed class BucketOperations(Buckets buckets)
{
    [S3Operation("PUT", S3Level.Bucket)]
    public Task CreateBucket(S3Request request)
    {
        buckets.Create(request.Bucket, request.Caller.Region);
        request.SetHeader("Location", "/" + request.Bucket);
        return request.Answer();
    }

    [S3Operation("HEAD", S3Level.Bucket)]
    public Task HeadBucket(S3Request request)
    {
        request.SetHeader("x-amz-bucket-region", buckets.Require(request.Bucket).Region);
        return request.Answer();
    }
}
