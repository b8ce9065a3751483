using Slipway.Aws.Wire;

namespace Slipway.Aws.CodeBuild;

/// <summary>Whether git's submodules are fetched: https://docs.aws.amazon.com/codebuild/latest/APIReference/API_GitSubmodulesConfig.html</summary>
public sealed record GitSubmodulesConfig(bool FetchSubmodules);

/// <summary>How a host of sources is asked for access: https://docs.aws.amazon.com/codebuild/latest/APIReference/API_SourceAuth.html</summary>
public sealed record SourceAuth([OneOf("OAUTH", "CODECONNECTIONS", "SECRETS_MANAGER")] string Type, string? Resource = null);

/// <summary>What a host of sources is told of a build: https://docs.aws.amazon.com/codebuild/latest/APIReference/API_BuildStatusConfig.html</summary>
public sealed record BuildStatusConfig(string? Context = null, string? TargetUrl = null);

/// <summary>What is built: https://docs.aws.amazon.com/codebuild/latest/APIReference/API_ProjectSource.html</summary>
/// <param name="Type">Who has it.</param>
/// <param name="Location">The repository's HTTPS address, or BUCKET/KEY of a zip or of a folder that ends in a slash.</param>
/// <param name="GitCloneDepth">How many commits are fetched; 0 or absent: all.</param>
/// <param name="GitSubmodulesConfig">Whether submodules are fetched.</param>
/// <param name="Buildspec">A buildspec, or the path of one in the source, or of one in S3 as an ARN; absent: buildspec.yml.</param>
/// <param name="Auth">How the host is asked for access.</param>
/// <param name="ReportBuildStatus">Whether the host is told of builds.</param>
/// <param name="BuildStatusConfig">What it is told.</param>
/// <param name="InsecureSsl">Whether certificates are not checked.</param>
/// <param name="SourceIdentifier">The name of a secondary source.</param>
public sealed record ProjectSource(
    [OneOf("CODECOMMIT", "CODEPIPELINE", "GITHUB", "GITLAB", "GITLAB_SELF_MANAGED", "S3", "BITBUCKET", "GITHUB_ENTERPRISE", "NO_SOURCE")] string Type,
    string? Location = null,
    [Range(0, int.MaxValue)] int? GitCloneDepth = null,
    GitSubmodulesConfig? GitSubmodulesConfig = null,
    string? Buildspec = null,
    SourceAuth? Auth = null,
    bool? ReportBuildStatus = null,
    BuildStatusConfig? BuildStatusConfig = null,
    bool? InsecureSsl = null,
    string? SourceIdentifier = null);

/// <summary>The version of a secondary source: https://docs.aws.amazon.com/codebuild/latest/APIReference/API_ProjectSourceVersion.html</summary>
public sealed record ProjectSourceVersion(string SourceIdentifier, string SourceVersion);
