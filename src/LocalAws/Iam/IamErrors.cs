using System.Net;
using Slipway.Aws.Wire;

namespace Slipway.LocalAws.Iam;

/// <summary>IAM's own errors: https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html</summary>
internal static class IamErrors
{
    public static AwsException NoSuchRole(string name) => NoSuchEntity($"The role with name {name} cannot be found.");

    public static AwsException NoSuchUser(string name) => NoSuchEntity($"The user with name {name} cannot be found.");

    public static AwsException NoSuchEntity(string message) => new("NoSuchEntity", HttpStatusCode.NotFound, message);

    public static AwsException Exists(string message) => new("EntityAlreadyExists", HttpStatusCode.Conflict, message);

    public static AwsException DeleteConflict(string what) => new("DeleteConflict", HttpStatusCode.Conflict, $"Cannot delete entity, must {what} first.");

    public static AwsException LimitExceeded(string message) => new("LimitExceeded", HttpStatusCode.Conflict, message);

    public static AwsException MalformedPolicy(string message) => new("MalformedPolicyDocument", HttpStatusCode.BadRequest, message);

    public static AwsException NotSupportedService(string name) => new(
        "NotSupportedService", HttpStatusCode.NotFound, $"The service {name} is not supported for this operation: local AWS makes these credentials for {ServiceSpecificCredentials.CodeCommit} alone.");

    public static AwsException Validation(string message) => new("ValidationError", HttpStatusCode.BadRequest, message);
}
