using Slipway.Aws.Wire;

namespace Slipway.Aws.CodePipeline;

/// <summary>What of a source starts a pipeline: https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_PipelineTriggerDeclaration.html</summary>
public sealed record PipelineTriggerDeclaration([OneOf("CodeStarSourceConnection")] string ProviderType, GitConfiguration GitConfiguration);

/// <summary>The filters of a source action; an event that meets one of them starts the pipeline.</summary>
/// <param name="SourceActionName">The source action.</param>
/// <param name="Push">Filters of pushes.</param>
/// <param name="PullRequest">Filters of pull requests.</param>
public sealed record GitConfiguration(
    [Length(1, Forms.LongestName), Pattern(Forms.Name)] string SourceActionName,
    [Length(1, 3)] IReadOnlyList<GitPushFilter>? Push = null,
    [Length(1, 3)] IReadOnlyList<GitPullRequestFilter>? PullRequest = null);

/// <summary>A filter of pushes: of tags, or of branches and the paths that changed there.</summary>
public sealed record GitPushFilter(GitTagFilterCriteria? Tags = null, GitBranchFilterCriteria? Branches = null, GitFilePathFilterCriteria? FilePaths = null);

/// <summary>A filter of pull requests.</summary>
public sealed record GitPullRequestFilter(
    [Length(1, 3), OneOf("OPEN", "UPDATED", "CLOSED")] IReadOnlyList<string>? Events = null, GitBranchFilterCriteria? Branches = null, GitFilePathFilterCriteria? FilePaths = null);

/// <summary>Patterns of tags.</summary>
public sealed record GitTagFilterCriteria([Length(1, 8)] IReadOnlyList<string>? Includes = null, [Length(1, 8)] IReadOnlyList<string>? Excludes = null);

/// <summary>Patterns of branches.</summary>
public sealed record GitBranchFilterCriteria([Length(1, 8)] IReadOnlyList<string>? Includes = null, [Length(1, 8)] IReadOnlyList<string>? Excludes = null);

/// <summary>Patterns of paths.</summary>
public sealed record GitFilePathFilterCriteria([Length(1, 8)] IReadOnlyList<string>? Includes = null, [Length(1, 8)] IReadOnlyList<string>? Excludes = null);
