using System.Net;
using Slipway.LocalAws.S3.Requests;

namespace Slipway.LocalAws.S3.Settings;

/// <summary>
/// Object lock: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html. No bucket has it here, and to
/// set it is refused: a lock that locks nothing would be worse than none.
/// </summary>
internal sealed class ObjectLock(Buckets buckets)
{
    [S3Operation("GET", S3Level.Bucket, Query = ["object-lock"])]
    public Task GetObjectLockConfiguration(S3Request request)
    {
        buckets.Require(request.Bucket);
        throw S3Errors.Make(
            "ObjectLockConfigurationNotFoundError", HttpStatusCode.NotFound, "Object Lock configuration does not exist for this bucket", ("BucketName", request.Bucket));
    }
}
