using System.Net;
using Slipway.Aws.Wire;

namespace Slipway.LocalAws.S3;

/// <summary>S3's errors: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html</summary>
internal static class S3Errors
{
    public static AwsException NoSuchBucket(string bucket) => new("NoSuchBucket", HttpStatusCode.NotFound, $"The specified bucket does not exist: {bucket}");

    public static AwsException NoSuchKey(string key) => new("NoSuchKey", HttpStatusCode.NotFound, $"The specified key does not exist: {key}");

    public static AwsException InvalidBucketName(string bucket) => new("InvalidBucketName", HttpStatusCode.BadRequest, $"The specified bucket is not valid: {bucket}");

    public static AwsException BucketAlreadyOwnedByYou(string bucket) => new(
        "BucketAlreadyOwnedByYou", HttpStatusCode.Conflict, $"Your previous request to create the named bucket succeeded and you already own it: {bucket}");

    public static AwsException BucketNotEmpty(string bucket) => new("BucketNotEmpty", HttpStatusCode.Conflict, $"The bucket you tried to delete is not empty: {bucket}");

    public static AwsException KeyTooLong() => new("KeyTooLongError", HttpStatusCode.BadRequest, "Your key is too long");
}
