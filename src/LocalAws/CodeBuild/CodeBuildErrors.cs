using System.Net;
using Slipway.Aws.Wire;

namespace Slipway.LocalAws.CodeBuild;

/// <summary>CodeBuild's own errors: https://docs.aws.amazon.com/codebuild/latest/APIReference/API_Operations.html</summary>
internal static class CodeBuildErrors
{
    public static AwsException InvalidInput(string message) => new("InvalidInputException", HttpStatusCode.BadRequest, message);

    public static AwsException NoProject(string arn) => NotFound($"Project cannot be found: {arn}");

    public static AwsException NoBuild(string id) => NotFound($"Build cannot be found: {id}");

    public static AwsException ProjectExists(string arn) => new("ResourceAlreadyExistsException", HttpStatusCode.BadRequest, $"Project already exists: {arn}");

    public static AwsException TooManyBuilds(string message) => new("AccountLimitExceededException", HttpStatusCode.BadRequest, message);

    public static AwsException InvalidToken() => InvalidInput("Invalid next token");

    private static AwsException NotFound(string message) => new("ResourceNotFoundException", HttpStatusCode.BadRequest, message);
}
