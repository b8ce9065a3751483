namespace Slipway.Aws.CodeCommit;

/// <summary>The error codes and patterns that members of many operations share.</summary>
internal static class Codes
{
    public const string InvalidRepositoryName = "InvalidRepositoryNameException";
    public const string RepositoryNameRequired = "RepositoryNameRequiredException";
    public const string BranchNameRequired = "BranchNameRequiredException";
    public const string InvalidBranchName = "InvalidBranchNameException";
    public const string InvalidCommitId = "InvalidCommitIdException";
    public const string InvalidPath = "InvalidPathException";
    public const string PathRequired = "PathRequiredException";
    public const string InvalidFileMode = "InvalidFileModeException";
    public const string NameLength = "NameLengthExceededException";
    public const string InvalidEmail = "InvalidEmailException";
    public const string MessageLength = "CommitMessageLengthExceededException";
    public const string InvalidTags = "InvalidTagsMapException";
    public const string ResourceArnRequired = "ResourceArnRequiredException";
    public const string InvalidResourceArn = "InvalidResourceArnException";

    /// <summary>Letters, digits, periods, underscores and dashes, not ending in <c>.git</c>, and not one or two periods alone, which no address keeps: https://docs.aws.amazon.com/codecommit/latest/userguide/limits.html</summary>
    public const string RepositoryName = @"(?!\.{1,2}$|.*\.git$)[A-Za-z0-9_.\-]+";

    /// <summary>A full SHA-1 in hexadecimal.</summary>
    public const string ObjectId = "[0-9a-f]{40}";

    /// <summary>The longest branch name, in characters.</summary>
    public const int LongestBranchName = 256;

    /// <summary>The longest path, in characters.</summary>
    public const int LongestPath = 4096;

    /// <summary>The longest name of an author, in characters.</summary>
    public const int LongestName = 1024;

    /// <summary>The longest commit message, in characters.</summary>
    public const int LongestMessage = 20480;
}
