using System.Net;
using Slipway.Aws.Wire;

namespace Slipway.LocalAws.Logs;

/// <summary>CloudWatch Logs' own errors: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/CommonErrors.html</summary>
internal static class LogErrors
{
    public static AwsException NoGroup() => new("ResourceNotFoundException", HttpStatusCode.BadRequest, "The specified log group does not exist.");

    public static AwsException NoStream() => new("ResourceNotFoundException", HttpStatusCode.BadRequest, "The specified log stream does not exist.");

    public static AwsException Exists(string what) => new("ResourceAlreadyExistsException", HttpStatusCode.BadRequest, $"The specified log {what} already exists");

    public static AwsException Invalid(string message) => new("InvalidParameterException", HttpStatusCode.BadRequest, message);
}
