using Slipway.Aws.Wire;

namespace Slipway.Aws.CodeBuild;

/// <summary>Why a phase ended as it did: https://docs.aws.amazon.com/codebuild/latest/APIReference/API_PhaseContext.html</summary>
/// <param name="StatusCode">A code such as COMMAND_EXECUTION_ERROR; empty where all went well.</param>
/// <param name="Message">The words.</param>
public sealed record PhaseContext(string? StatusCode = null, string? Message = null);

/// <summary>A part of a build: https://docs.aws.amazon.com/codebuild/latest/APIReference/API_BuildPhase.html</summary>
/// <param name="PhaseType">SUBMITTED, QUEUED, PROVISIONING, DOWNLOAD_SOURCE, INSTALL, PRE_BUILD, BUILD, POST_BUILD, UPLOAD_ARTIFACTS, FINALIZING or COMPLETED.</param>
/// <param name="PhaseStatus">How it ended; absent while it runs, and for COMPLETED.</param>
/// <param name="StartTime">When it began.</param>
/// <param name="EndTime">When it ended.</param>
/// <param name="DurationInSeconds">How long it took, in whole seconds.</param>
/// <param name="Contexts">Why it ended so.</param>
public sealed record BuildPhase(
    string PhaseType, string? PhaseStatus = null, DateTimeOffset? StartTime = null, DateTimeOffset? EndTime = null, long? DurationInSeconds = null,
    IReadOnlyList<PhaseContext>? Contexts = null);

/// <summary>Where a build's log is: https://docs.aws.amazon.com/codebuild/latest/APIReference/API_LogsLocation.html</summary>
public sealed record LogsLocation(
    string? GroupName = null, string? StreamName = null, string? DeepLink = null, string? S3DeepLink = null, string? CloudWatchLogsArn = null,
    string? S3LogsArn = null, CloudWatchLogsConfig? CloudWatchLogs = null, S3LogsConfig? S3Logs = null);

/// <summary>A variable that a build exports: https://docs.aws.amazon.com/codebuild/latest/APIReference/API_ExportedEnvironmentVariable.html</summary>
public sealed record ExportedEnvironmentVariable(string? Name = null, string? Value = null);

/// <summary>A build: https://docs.aws.amazon.com/codebuild/latest/APIReference/API_Build.html</summary>
/// <remarks>
/// Its id is PROJECT:UUID, its number counts the project's builds from 1. BuildStatus is IN_PROGRESS, SUCCEEDED, FAILED, FAULT,
/// TIMED_OUT or STOPPED. SourceVersion is what was asked for, ResolvedSourceVersion the commit, or the version of the S3 object,
/// that is built. Timeouts are in minutes.
/// </remarks>
public sealed record Build(
    string Id, string Arn, long BuildNumber, DateTimeOffset StartTime, string CurrentPhase, string BuildStatus, string ProjectName, IReadOnlyList<BuildPhase> Phases,
    ProjectSource Source, BuildArtifacts Artifacts, ProjectCache Cache, ProjectEnvironment Environment, string ServiceRole, LogsLocation Logs,
    int TimeoutInMinutes, int QueuedTimeoutInMinutes, bool BuildComplete, string Initiator, string EncryptionKey,
    DateTimeOffset? EndTime = null,
    string? SourceVersion = null,
    string? ResolvedSourceVersion = null,
    IReadOnlyList<ProjectSource>? SecondarySources = null,
    IReadOnlyList<ProjectSourceVersion>? SecondarySourceVersions = null,
    IReadOnlyList<BuildArtifacts>? SecondaryArtifacts = null,
    VpcConfig? VpcConfig = null,
    IReadOnlyList<ExportedEnvironmentVariable>? ExportedEnvironmentVariables = null);

/// <summary>Starts a build, with the project's settings where nothing overrides them: https://docs.aws.amazon.com/codebuild/latest/APIReference/API_StartBuild.html</summary>
public sealed record StartBuild(
    [Length(1, 2048)] string ProjectName,
    [Length(0, 12)] IReadOnlyList<ProjectSource>? SecondarySourcesOverride = null,
    [Length(0, 12)] IReadOnlyList<ProjectSourceVersion>? SecondarySourcesVersionOverride = null,
    string? SourceVersion = null,
    ProjectArtifacts? ArtifactsOverride = null,
    [Length(0, 12)] IReadOnlyList<ProjectArtifacts>? SecondaryArtifactsOverride = null,
    IReadOnlyList<EnvironmentVariable>? EnvironmentVariablesOverride = null,
    [OneOf("CODECOMMIT", "CODEPIPELINE", "GITHUB", "GITLAB", "GITLAB_SELF_MANAGED", "S3", "BITBUCKET", "GITHUB_ENTERPRISE", "NO_SOURCE")] string? SourceTypeOverride = null,
    string? SourceLocationOverride = null,
    SourceAuth? SourceAuthOverride = null,
    [Range(0, int.MaxValue)] int? GitCloneDepthOverride = null,
    GitSubmodulesConfig? GitSubmodulesConfigOverride = null,
    string? BuildspecOverride = null,
    bool? InsecureSslOverride = null,
    bool? ReportBuildStatusOverride = null,
    BuildStatusConfig? BuildStatusConfigOverride = null,
    [OneOf("WINDOWS_CONTAINER", "LINUX_CONTAINER", "LINUX_GPU_CONTAINER", "ARM_CONTAINER", "WINDOWS_SERVER_2019_CONTAINER", "WINDOWS_SERVER_2022_CONTAINER",
        "LINUX_LAMBDA_CONTAINER", "ARM_LAMBDA_CONTAINER", "LINUX_EC2", "ARM_EC2", "WINDOWS_EC2", "MAC_ARM")] string? EnvironmentTypeOverride = null,
    [Length(1, 10_000)] string? ImageOverride = null,
    [OneOf("BUILD_GENERAL1_SMALL", "BUILD_GENERAL1_MEDIUM", "BUILD_GENERAL1_LARGE", "BUILD_GENERAL1_XLARGE", "BUILD_GENERAL1_2XLARGE", "BUILD_LAMBDA_1GB",
        "BUILD_LAMBDA_2GB", "BUILD_LAMBDA_4GB", "BUILD_LAMBDA_8GB", "BUILD_LAMBDA_10GB", "ATTRIBUTE_BASED_COMPUTE", "CUSTOM_INSTANCE_TYPE")] string? ComputeTypeOverride = null,
    string? CertificateOverride = null,
    ProjectCache? CacheOverride = null,
    [Length(1, 2048)] string? ServiceRoleOverride = null,
    bool? PrivilegedModeOverride = null,
    [Range(5, 2160)] int? TimeoutInMinutesOverride = null,
    [Range(5, 480)] int? QueuedTimeoutInMinutesOverride = null,
    [Length(1, 2048)] string? EncryptionKeyOverride = null,
    string? IdempotencyToken = null,
    LogsConfig? LogsConfigOverride = null,
    RegistryCredential? RegistryCredentialOverride = null,
    [OneOf("CODEBUILD", "SERVICE_ROLE")] string? ImagePullCredentialsTypeOverride = null,
    bool? DebugSessionEnabled = null,
    ProjectFleet? FleetOverride = null,
    int? AutoRetryLimitOverride = null) : IAwsRequest<StartBuild.Response>
{
    /// <summary>The build.</summary>
    public sealed record Response(Build Build);
}

/// <summary>Ends a build that runs: https://docs.aws.amazon.com/codebuild/latest/APIReference/API_StopBuild.html</summary>
public sealed record StopBuild([Length(1, 2048)] string Id) : IAwsRequest<StopBuild.Response>
{
    /// <summary>The build.</summary>
    public sealed record Response(Build Build);
}

/// <summary>Starts a build again, with all that it had: https://docs.aws.amazon.com/codebuild/latest/APIReference/API_RetryBuild.html</summary>
public sealed record RetryBuild([Length(1, 2048)] string? Id = null, string? IdempotencyToken = null) : IAwsRequest<RetryBuild.Response>
{
    /// <summary>The new build.</summary>
    public sealed record Response(Build Build);
}

/// <summary>Builds by their ids or ARNs: https://docs.aws.amazon.com/codebuild/latest/APIReference/API_BatchGetBuilds.html</summary>
public sealed record BatchGetBuilds([Length(1, 100)] IReadOnlyList<string> Ids) : IAwsRequest<BatchGetBuilds.Response>
{
    /// <summary>Those that are there, and the ids of those that aren't.</summary>
    public sealed record Response(IReadOnlyList<Build> Builds, IReadOnlyList<string> BuildsNotFound);
}

/// <summary>The ids of all builds: https://docs.aws.amazon.com/codebuild/latest/APIReference/API_ListBuilds.html</summary>
public sealed record ListBuilds([OneOf("ASCENDING", "DESCENDING")] string? SortOrder = null, string? NextToken = null) : IAwsRequest<ListBuilds.Response>
{
    /// <summary>A page of up to 100 ids.</summary>
    public sealed record Response(IReadOnlyList<string> Ids, string? NextToken = null);
}

/// <summary>The ids of a project's builds: https://docs.aws.amazon.com/codebuild/latest/APIReference/API_ListBuildsForProject.html</summary>
public sealed record ListBuildsForProject(
    [Length(1, 2048)] string ProjectName, [OneOf("ASCENDING", "DESCENDING")] string? SortOrder = null, string? NextToken = null)
    : IAwsRequest<ListBuildsForProject.Response>
{
    /// <summary>A page of up to 100 ids.</summary>
    public sealed record Response(IReadOnlyList<string> Ids, string? NextToken = null);
}

/// <summary>A build that was not deleted.</summary>
public sealed record BuildNotDeleted(string? Id = null, string? StatusCode = null);

/// <summary>Deletes builds that have ended: https://docs.aws.amazon.com/codebuild/latest/APIReference/API_BatchDeleteBuilds.html</summary>
public sealed record BatchDeleteBuilds([Length(1, 100)] IReadOnlyList<string> Ids) : IAwsRequest<BatchDeleteBuilds.Response>
{
    /// <summary>What was deleted, and what was not.</summary>
    public sealed record Response(IReadOnlyList<string> BuildsDeleted, IReadOnlyList<BuildNotDeleted> BuildsNotDeleted);
}
