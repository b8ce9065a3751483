using Slipway.Aws.CodeBuild;

namespace Slipway.LocalAws.CodeBuild;

/// <summary>A project with what StartBuild overrides.</summary>
internal static class Overrides
{
    /// <summary>The settings of a build.</summary>
    /// <exception cref="Aws.Wire.AwsException">NotImplemented for what local AWS does not have.</exception>
    public static Project Apply(Project project, StartBuild request)
    {
        ProjectRules.Refuse(request.DebugSessionEnabled == true, "StartBuild.DebugSessionEnabled");
        ProjectRules.Refuse(request.FleetOverride is not null, "StartBuild.FleetOverride");
        ProjectRules.Refuse(request.AutoRetryLimitOverride is > 0, "StartBuild.AutoRetryLimitOverride");
        return project with
        {
            Source = Source(project.Source, request),
            SourceVersion = request.SourceVersion ?? project.SourceVersion,
            SecondarySources = request.SecondarySourcesOverride ?? project.SecondarySources,
            SecondarySourceVersions = request.SecondarySourcesVersionOverride ?? project.SecondarySourceVersions,
            Artifacts = request.ArtifactsOverride ?? project.Artifacts,
            SecondaryArtifacts = request.SecondaryArtifactsOverride ?? project.SecondaryArtifacts,
            Environment = Environment(project.Environment, request),
            Cache = request.CacheOverride ?? project.Cache,
            ServiceRole = request.ServiceRoleOverride ?? project.ServiceRole,
            TimeoutInMinutes = request.TimeoutInMinutesOverride ?? project.TimeoutInMinutes,
            QueuedTimeoutInMinutes = request.QueuedTimeoutInMinutesOverride ?? project.QueuedTimeoutInMinutes,
            EncryptionKey = request.EncryptionKeyOverride ?? project.EncryptionKey,
            LogsConfig = request.LogsConfigOverride ?? project.LogsConfig,
        };
    }

    /// <summary>Variables with others put in their place or added.</summary>
    public static IReadOnlyList<EnvironmentVariable> Merge(IReadOnlyList<EnvironmentVariable>? variables, IReadOnlyList<EnvironmentVariable>? others) =>
        [.. (variables ?? []).Where(v => others?.Any(o => o.Name == v.Name) != true), .. others ?? []];

    private static ProjectSource Source(ProjectSource source, StartBuild request) => source with
    {
        Type = request.SourceTypeOverride ?? source.Type,
        Location = request.SourceLocationOverride ?? source.Location,
        Auth = request.SourceAuthOverride ?? source.Auth,
        GitCloneDepth = request.GitCloneDepthOverride ?? source.GitCloneDepth,
        GitSubmodulesConfig = request.GitSubmodulesConfigOverride ?? source.GitSubmodulesConfig,
        Buildspec = request.BuildspecOverride ?? source.Buildspec,
        InsecureSsl = request.InsecureSslOverride ?? source.InsecureSsl,
        ReportBuildStatus = request.ReportBuildStatusOverride ?? source.ReportBuildStatus,
        BuildStatusConfig = request.BuildStatusConfigOverride ?? source.BuildStatusConfig,
    };

    private static ProjectEnvironment Environment(ProjectEnvironment environment, StartBuild request) => environment with
    {
        Type = request.EnvironmentTypeOverride ?? environment.Type,
        Image = request.ImageOverride ?? environment.Image,
        ComputeType = request.ComputeTypeOverride ?? environment.ComputeType,
        Certificate = request.CertificateOverride ?? environment.Certificate,
        RegistryCredential = request.RegistryCredentialOverride ?? environment.RegistryCredential,
        ImagePullCredentialsType = request.ImagePullCredentialsTypeOverride ?? environment.ImagePullCredentialsType,
        PrivilegedMode = request.PrivilegedModeOverride ?? environment.PrivilegedMode,
        EnvironmentVariables = Merge(environment.EnvironmentVariables, request.EnvironmentVariablesOverride),
    };
}
