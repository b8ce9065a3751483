using System.Text.Json.Serialization;
using Slipway.Aws.Wire;

namespace Slipway.Aws.CodeCommit;

/// <summary>Who made a commit, and when: seconds since 1970 and the offset from UTC, as git writes them.</summary>
public sealed record UserInfo(string Name, string Email, string Date);

/// <summary>A commit: https://docs.aws.amazon.com/codecommit/latest/APIReference/API_Commit.html</summary>
public sealed record Commit(
    string CommitId, string TreeId, IReadOnlyList<string> Parents, string Message, UserInfo Author, UserInfo Committer, string AdditionalData);

/// <summary>Describes a commit: https://docs.aws.amazon.com/codecommit/latest/APIReference/API_GetCommit.html</summary>
public sealed record GetCommit(
    [Length(1, 100), Pattern(Codes.RepositoryName), Errors(Codes.InvalidRepositoryName, Codes.RepositoryNameRequired)] string RepositoryName,
    [Pattern(Codes.ObjectId), Errors(Codes.InvalidCommitId, "CommitIdRequiredException")] string CommitId) : IAwsRequest<GetCommit.Response>
{
    /// <summary>The commit.</summary>
    public sealed record Response(Commit Commit);
}

/// <summary>A commit that a batch could not give.</summary>
public sealed record BatchGetCommitsError(string CommitId, string ErrorCode, string ErrorMessage);

/// <summary>Describes up to 100 commits: https://docs.aws.amazon.com/codecommit/latest/APIReference/API_BatchGetCommits.html</summary>
public sealed record BatchGetCommits(
    [Errors(Codes.InvalidCommitId, "CommitIdsListRequiredException")] IReadOnlyList<string> CommitIds,
    [Length(1, 100), Pattern(Codes.RepositoryName), Errors(Codes.InvalidRepositoryName, Codes.RepositoryNameRequired)] string RepositoryName)
    : IAwsRequest<BatchGetCommits.Response>
{
    /// <summary>The commits that are there, and an error for each other id.</summary>
    public sealed record Response(IReadOnlyList<Commit> Commits, IReadOnlyList<BatchGetCommitsError> Errors);
}

/// <summary>A file at one side of a difference. The mode is git's, such as <c>100644</c>.</summary>
public sealed record BlobMetadata(string BlobId, string Path, string Mode);

/// <summary>A file that differs: added (A), modified (M) or deleted (D). A renamed file is deleted and added.</summary>
public sealed record Difference(string ChangeType, BlobMetadata? BeforeBlob = null, BlobMetadata? AfterBlob = null);

/// <summary>The files that differ between two commits: https://docs.aws.amazon.com/codecommit/latest/APIReference/API_GetDifferences.html</summary>
public sealed record GetDifferences(
    [Length(1, 100), Pattern(Codes.RepositoryName), Errors(Codes.InvalidRepositoryName, Codes.RepositoryNameRequired)] string RepositoryName,
    [Errors("InvalidCommitException", "CommitRequiredException"), Length(1, Codes.LongestPath)] string AfterCommitSpecifier,
    [Errors("InvalidCommitException"), Length(1, Codes.LongestPath)] string? BeforeCommitSpecifier = null,
    [Length(0, Codes.LongestPath), Errors(Codes.InvalidPath)] string? BeforePath = null,
    [Length(0, Codes.LongestPath), Errors(Codes.InvalidPath)] string? AfterPath = null,
    [property: JsonPropertyName("MaxResults")] [Range(1, 1000), Errors("InvalidMaxResultsException")] int? MaxResults = null,
    [property: JsonPropertyName("NextToken")] string? NextToken = null) : IAwsRequest<GetDifferences.Response>
{
    /// <summary>A page of differences in the order of their paths.</summary>
    public sealed record Response(
        IReadOnlyList<Difference> Differences, [property: JsonPropertyName("NextToken")] string? NextToken = null);
}
