using Slipway.Aws.Wire;

namespace Slipway.Aws.CodeCommit;

/// <summary>A branch and the commit at its tip: https://docs.aws.amazon.com/codecommit/latest/APIReference/API_BranchInfo.html</summary>
public sealed record BranchInfo(string BranchName, string CommitId);

/// <summary>Makes a branch that points to a commit: https://docs.aws.amazon.com/codecommit/latest/APIReference/API_CreateBranch.html</summary>
public sealed record CreateBranch(
    [Length(1, 100), Pattern(Codes.RepositoryName), Errors(Codes.InvalidRepositoryName, Codes.RepositoryNameRequired)] string RepositoryName,
    [Length(1, Codes.LongestBranchName), Errors(Codes.InvalidBranchName, Codes.BranchNameRequired)] string BranchName,
    [Pattern(Codes.ObjectId), Errors(Codes.InvalidCommitId, "CommitIdRequiredException")] string CommitId) : IAwsRequest<EmptyResponse>;

/// <summary>Describes a branch: https://docs.aws.amazon.com/codecommit/latest/APIReference/API_GetBranch.html</summary>
public sealed record GetBranch(
    [Length(1, 100), Pattern(Codes.RepositoryName), Errors(Codes.InvalidRepositoryName)] string? RepositoryName = null,
    [Length(1, Codes.LongestBranchName), Errors(Codes.InvalidBranchName)] string? BranchName = null) : IAwsRequest<GetBranch.Response>
{
    /// <summary>The branch.</summary>
    public sealed record Response(BranchInfo Branch);
}

/// <summary>Lists the branches of a repository: https://docs.aws.amazon.com/codecommit/latest/APIReference/API_ListBranches.html</summary>
public sealed record ListBranches(
    [Length(1, 100), Pattern(Codes.RepositoryName), Errors(Codes.InvalidRepositoryName, Codes.RepositoryNameRequired)] string RepositoryName,
    string? NextToken = null) : IAwsRequest<ListBranches.Response>
{
    /// <summary>A page of branch names.</summary>
    public sealed record Response(IReadOnlyList<string> Branches, string? NextToken = null);
}

/// <summary>Deletes a branch that isn't the default one; nothing where there is none: https://docs.aws.amazon.com/codecommit/latest/APIReference/API_DeleteBranch.html</summary>
public sealed record DeleteBranch(
    [Length(1, 100), Pattern(Codes.RepositoryName), Errors(Codes.InvalidRepositoryName, Codes.RepositoryNameRequired)] string RepositoryName,
    [Length(1, Codes.LongestBranchName), Errors(Codes.InvalidBranchName, Codes.BranchNameRequired)] string BranchName) : IAwsRequest<DeleteBranch.Response>
{
    /// <summary>The branch that was deleted, absent where there was none.</summary>
    public sealed record Response(BranchInfo? DeletedBranch);
}
