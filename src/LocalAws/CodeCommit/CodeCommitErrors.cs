using System.Net;
using Slipway.Aws.Wire;

namespace Slipway.LocalAws.CodeCommit;

/// <summary>CodeCommit's own errors: https://docs.aws.amazon.com/codecommit/latest/APIReference/API_Operations.html</summary>
internal static class CodeCommitErrors
{
    public static AwsException Of(string name, string message) => new(name + "Exception", HttpStatusCode.BadRequest, message);

    public static AwsException NoRepository(string name) => Of("RepositoryDoesNotExist", $"{name} does not exist");

    public static AwsException RepositoryExists(string name) => Of("RepositoryNameExists", $"Repository named {name} already exists");

    public static AwsException NoBranch(string name) => Of("BranchDoesNotExist", $"Branch {name} does not exist");

    public static AwsException InvalidBranch(string name, string why) => Of("InvalidBranchName", $"The branch name {name} is not valid: {why}");

    public static AwsException NoCommit(string specifier) => Of("CommitDoesNotExist", $"Commit {specifier} does not exist");

    public static AwsException InvalidPath(string path, string why) => Of("InvalidPath", $"The path {path} is not valid: {why}");

    public static AwsException NoFile(string path) => Of("FileDoesNotExist", $"The file {path} does not exist");

    public static AwsException InvalidToken() => Of("InvalidContinuationToken", "The specified continuation token is not valid.");
}
