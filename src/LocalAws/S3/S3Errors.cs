using System.Net;
using Slipway.Aws.Wire;

namespace Slipway.LocalAws.S3;

/// <summary>S3's errors: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html</summary>
internal static class S3Errors
{
    public static AwsException NoSuchBucket(string bucket) =>
        Make("NoSuchBucket", HttpStatusCode.NotFound, $"The specified bucket does not exist: {bucket}", ("BucketName", bucket));

    public static AwsException NoSuchKey(string key) => Make("NoSuchKey", HttpStatusCode.NotFound, $"The specified key does not exist: {key}", ("Key", key));

    public static AwsException NoSuchVersion(string key, string version) =>
        Make("NoSuchVersion", HttpStatusCode.NotFound, $"The specified version does not exist: {version}", ("Key", key), ("VersionId", version));

    public static AwsException NoSuchUpload(string id) => Make(
        "NoSuchUpload", HttpStatusCode.NotFound,
        "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.", ("UploadId", id));

    public static AwsException InvalidBucketName(string bucket) => Bad("InvalidBucketName", $"The specified bucket is not valid: {bucket}", ("BucketName", bucket));

    public static AwsException BucketAlreadyOwnedByYou(string bucket) => Make(
        "BucketAlreadyOwnedByYou", HttpStatusCode.Conflict, $"Your previous request to create the named bucket succeeded and you already own it: {bucket}", ("BucketName", bucket));

    public static AwsException BucketNotEmpty(string bucket) =>
        Make("BucketNotEmpty", HttpStatusCode.Conflict, $"The bucket you tried to delete is not empty: {bucket}", ("BucketName", bucket));

    public static AwsException KeyTooLong() => Bad("KeyTooLongError", "Your key is too long: 1 to 1,024 bytes of UTF-8 are allowed.");

    public static AwsException InvalidUri(string path) => Bad("InvalidURI", "Couldn't parse the specified URI.", ("URI", path));

    public static AwsException IncompleteBody(string why) =>
        Bad("IncompleteBody", $"You did not provide the number of bytes specified by the Content-Length HTTP header: {why}.");

    public static AwsException MissingContentLength() =>
        new("MissingContentLength", HttpStatusCode.LengthRequired, "You must provide the Content-Length HTTP header.");

    /// <summary>What S3 answers to a body that HTTP alone frames: it wants its length.</summary>
    public static AwsException NoTransferEncoding() => Make(
        "NotImplemented", HttpStatusCode.NotImplemented, "A header you provided implies functionality that is not implemented", ("Header", "Transfer-Encoding"));

    public static AwsException MalformedTrailer(string why) =>
        Bad("MalformedTrailerError", $"The request contained trailing data that was not well-formed or did not conform to our published schema: {why}.");

    public static AwsException MalformedXml(string why) =>
        Bad("MalformedXML", $"The XML you provided was not well-formed or did not validate against our published schema: {why}");

    public static AwsException InvalidPart(int number) => Bad(
        "InvalidPart",
        $"One or more of the specified parts could not be found. The part may not have been uploaded, or the specified entity tag may not match the part's entity tag: part {number}",
        ("PartNumber", $"{number}"));

    /// <param name="method">The method that the resource doesn't have.</param>
    /// <param name="resource">What kind of resource it is, in S3's words.</param>
    public static AwsException MethodNotAllowed(string method, string resource) => Make(
        "MethodNotAllowed", HttpStatusCode.MethodNotAllowed, "The specified method is not allowed against this resource.", ("Method", method), ("ResourceType", resource));

    public static AwsException PreconditionFailed(string condition) => Make(
        "PreconditionFailed", HttpStatusCode.PreconditionFailed, "At least one of the pre-conditions you specified did not hold", ("Condition", condition));

    public static AwsException ConditionalRequestConflict(string condition, string key) => Make(
        "ConditionalRequestConflict", HttpStatusCode.Conflict,
        "The conditional request cannot succeed due to a conflicting operation against this resource.", ("Condition", condition), ("Key", key));

    public static AwsException AccessDenied(string message, params IEnumerable<(string Name, string Value)> members) =>
        Make("AccessDenied", HttpStatusCode.Forbidden, message, members);

    public static AwsException InvalidArgument(string message, string name, string value) =>
        Bad("InvalidArgument", message, ("ArgumentName", name), ("ArgumentValue", value));

    public static AwsException InvalidRequest(string message) => Bad("InvalidRequest", message);

    public static AwsException Bad(string code, string message, params IEnumerable<(string Name, string Value)> members) =>
        Make(code, HttpStatusCode.BadRequest, message, members);

    public static AwsException Make(string code, HttpStatusCode status, string message, params IEnumerable<(string Name, string Value)> members) =>
        new(code, status, message) { Members = members.ToDictionary(m => m.Name, m => m.Value) };
}
