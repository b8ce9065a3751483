using System.Net;
using Slipway.Aws.Wire;

namespace Slipway.LocalAws.Sns;

/// <summary>SNS's own errors: https://docs.aws.amazon.com/sns/latest/api/CommonErrors.html</summary>
internal static class SnsErrors
{
    /// <summary>An input that SNS does not take; <paramref name="what"/> is what stands after "Invalid parameter: ".</summary>
    public static AwsException Invalid(string what) => Make("InvalidParameter", $"Invalid parameter: {what}");

    /// <summary>A token that can't be one of SNS's.</summary>
    public static AwsException InvalidToken() => Make("InvalidParameter", "Invalid token");

    /// <summary>A value of a message's attribute that does not fit its type.</summary>
    public static AwsException InvalidValue(string message) => Make("ParameterValueInvalid", message);

    /// <summary>A topic or a subscription that is not there.</summary>
    public static AwsException NotFound(string what) => new("NotFound", HttpStatusCode.NotFound, $"{what} does not exist");

    /// <summary>What is tagged is not there.</summary>
    public static AwsException NoResource() => new("ResourceNotFound", HttpStatusCode.NotFound, "Resource does not exist");

    /// <summary>Whoever asks may not.</summary>
    public static AwsException NotAuthorized(string message) => new("AuthorizationError", HttpStatusCode.Forbidden, message);

    /// <summary>An error with a code of its own.</summary>
    public static AwsException Make(string code, string message) => new(code, HttpStatusCode.BadRequest, message);
}
