using Slipway.Aws.Wire;

namespace Slipway.Aws.CodeBuild;

/// <summary>Whether a project has a badge: https://docs.aws.amazon.com/codebuild/latest/APIReference/API_ProjectBadge.html</summary>
public sealed record ProjectBadge(bool? BadgeEnabled = null, string? BadgeRequestUrl = null);

/// <summary>A folder of EFS: https://docs.aws.amazon.com/codebuild/latest/APIReference/API_ProjectFileSystemLocation.html</summary>
public sealed record ProjectFileSystemLocation(
    [OneOf("EFS")] string? Type = null, string? Location = null, string? MountPoint = null, string? Identifier = null, string? MountOptions = null);

/// <summary>A build project: https://docs.aws.amazon.com/codebuild/latest/APIReference/API_Project.html</summary>
public sealed record Project(
    string Name, string Arn, ProjectSource Source, ProjectArtifacts Artifacts, ProjectEnvironment Environment, string ServiceRole,
    DateTimeOffset Created, DateTimeOffset LastModified,
    string? Description = null,
    IReadOnlyList<ProjectSource>? SecondarySources = null,
    string? SourceVersion = null,
    IReadOnlyList<ProjectSourceVersion>? SecondarySourceVersions = null,
    IReadOnlyList<ProjectArtifacts>? SecondaryArtifacts = null,
    ProjectCache? Cache = null,
    int? TimeoutInMinutes = null,
    int? QueuedTimeoutInMinutes = null,
    string? EncryptionKey = null,
    IReadOnlyList<Tag>? Tags = null,
    VpcConfig? VpcConfig = null,
    ProjectBadge? Badge = null,
    LogsConfig? LogsConfig = null,
    int? ConcurrentBuildLimit = null,
    string? ProjectVisibility = null);

/// <summary>Makes a project: https://docs.aws.amazon.com/codebuild/latest/APIReference/API_CreateProject.html</summary>
public sealed record CreateProject(
    [Length(2, 150), Pattern(Names.Project)] string Name,
    ProjectSource Source,
    ProjectArtifacts Artifacts,
    ProjectEnvironment Environment,
    [Length(1, 2048)] string ServiceRole,
    [Length(0, 255)] string? Description = null,
    [Length(0, 12)] IReadOnlyList<ProjectSource>? SecondarySources = null,
    string? SourceVersion = null,
    [Length(0, 12)] IReadOnlyList<ProjectSourceVersion>? SecondarySourceVersions = null,
    [Length(0, 12)] IReadOnlyList<ProjectArtifacts>? SecondaryArtifacts = null,
    ProjectCache? Cache = null,
    [Range(5, 2160)] int? TimeoutInMinutes = null,
    [Range(5, 480)] int? QueuedTimeoutInMinutes = null,
    [Length(1, 2048)] string? EncryptionKey = null,
    [Length(0, 50)] IReadOnlyList<Tag>? Tags = null,
    VpcConfig? VpcConfig = null,
    bool? BadgeEnabled = null,
    LogsConfig? LogsConfig = null,
    IReadOnlyList<ProjectFileSystemLocation>? FileSystemLocations = null,
    int? ConcurrentBuildLimit = null,
    int? AutoRetryLimit = null) : IAwsRequest<CreateProject.Response>
{
    /// <summary>The new project.</summary>
    public sealed record Response(Project Project);
}

/// <summary>Changes the members of a project that are given: https://docs.aws.amazon.com/codebuild/latest/APIReference/API_UpdateProject.html</summary>
public sealed record UpdateProject(
    [Length(1, 150)] string Name,
    ProjectSource? Source = null,
    ProjectArtifacts? Artifacts = null,
    ProjectEnvironment? Environment = null,
    [Length(1, 2048)] string? ServiceRole = null,
    [Length(0, 255)] string? Description = null,
    [Length(0, 12)] IReadOnlyList<ProjectSource>? SecondarySources = null,
    string? SourceVersion = null,
    [Length(0, 12)] IReadOnlyList<ProjectSourceVersion>? SecondarySourceVersions = null,
    [Length(0, 12)] IReadOnlyList<ProjectArtifacts>? SecondaryArtifacts = null,
    ProjectCache? Cache = null,
    [Range(5, 2160)] int? TimeoutInMinutes = null,
    [Range(5, 480)] int? QueuedTimeoutInMinutes = null,
    [Length(1, 2048)] string? EncryptionKey = null,
    [Length(0, 50)] IReadOnlyList<Tag>? Tags = null,
    VpcConfig? VpcConfig = null,
    bool? BadgeEnabled = null,
    LogsConfig? LogsConfig = null,
    IReadOnlyList<ProjectFileSystemLocation>? FileSystemLocations = null,
    int? ConcurrentBuildLimit = null,
    int? AutoRetryLimit = null) : IAwsRequest<UpdateProject.Response>
{
    /// <summary>The project as it is now.</summary>
    public sealed record Response(Project Project);
}

/// <summary>Deletes a project and its builds; nothing where there is none: https://docs.aws.amazon.com/codebuild/latest/APIReference/API_DeleteProject.html</summary>
public sealed record DeleteProject([Length(1, 2048)] string Name) : IAwsRequest<EmptyResponse>;

/// <summary>The names of projects: https://docs.aws.amazon.com/codebuild/latest/APIReference/API_ListProjects.html</summary>
public sealed record ListProjects(
    [OneOf("NAME", "CREATED_TIME", "LAST_MODIFIED_TIME")] string? SortBy = null, [OneOf("ASCENDING", "DESCENDING")] string? SortOrder = null,
    [Length(1, 10_000)] string? NextToken = null) : IAwsRequest<ListProjects.Response>
{
    /// <summary>A page of up to 100 names.</summary>
    public sealed record Response(IReadOnlyList<string> Projects, string? NextToken = null);
}

/// <summary>Projects by their names or ARNs: https://docs.aws.amazon.com/codebuild/latest/APIReference/API_BatchGetProjects.html</summary>
public sealed record BatchGetProjects([Length(1, 100)] IReadOnlyList<string> Names) : IAwsRequest<BatchGetProjects.Response>
{
    /// <summary>Those that are there, and the names of those that aren't.</summary>
    public sealed record Response(IReadOnlyList<Project> Projects, IReadOnlyList<string> ProjectsNotFound);
}

/// <summary>Lets the next build begin without a cache: https://docs.aws.amazon.com/codebuild/latest/APIReference/API_InvalidateProjectCache.html</summary>
public sealed record InvalidateProjectCache([Length(1, 2048)] string ProjectName) : IAwsRequest<EmptyResponse>;
