using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using Slipway.Aws.CodeBuild;
using Slipway.Aws.Wire;
using Slipway.LocalAws.CodeBuild.Sources;
using Slipway.LocalAws.Iam;

namespace Slipway.LocalAws.CodeBuild;

/// <summary>What holds of every project, and of a build's settings once its overrides have been put in their place.</summary>
internal sealed partial class ProjectRules(Roles roles)
{
    /// <summary>Checks a project.</summary>
    /// <param name="project">The project, or a build's settings.</param>
    /// <param name="operation">The operation that asks, for what is refused by name.</param>
    /// <exception cref="AwsException">InvalidInputException, or NotImplemented for what local AWS does not have.</exception>
    public void Check(Project project, string operation)
    {
        var refuse = new Refusal(operation);
        if (roles.Find(project.ServiceRole) is null)
        {
            throw CodeBuildErrors.InvalidInput($"CodeBuild is not authorized to perform: sts:AssumeRole on {project.ServiceRole}: the role does not exist");
        }

        CheckSources(project, refuse);
        CheckArtifacts(project);
        CheckEnvironment(project.Environment, refuse);
        CheckCache(project.Cache, refuse);
        CheckLogs(project.LogsConfig);
        if (project.ConcurrentBuildLimit is < 1)
        {
            throw CodeBuildErrors.InvalidInput("Invalid concurrent build limit: it must be at least 1");
        }

        if (project.Tags is { } tags && tags.GroupBy(t => t.Key).FirstOrDefault(g => g.Count() > 1 || g.Key is null) is { } wrong)
        {
            throw CodeBuildErrors.InvalidInput(wrong.Key is null ? "Invalid tags: a tag has no key" : $"Invalid tags: the key {wrong.Key} is there twice");
        }
    }

    /// <summary>Refuses what a request may carry and local AWS does not have.</summary>
    public static void Refuse(bool unsupported, string what)
    {
        if (unsupported)
        {
            throw AwsErrors.NotImplemented(what);
        }
    }

    /// <summary>Whether a shell takes a name as a variable's.</summary>
    public static bool IsVariableName(string name) => VariableName().IsMatch(name);

    private static void CheckSources(Project project, Refusal refuse)
    {
        CheckSource(project.Source, refuse);
        var secondary = project.SecondarySources ?? [];
        CheckIdentifiers(secondary.Select(s => s.SourceIdentifier), "source");
        foreach (var source in secondary)
        {
            if (source.Type is "NO_SOURCE" or "CODEPIPELINE" || project.Source.Type == "CODEPIPELINE")
            {
                throw CodeBuildErrors.InvalidInput($"Invalid secondary source {source.SourceIdentifier}: {(source.Type is "NO_SOURCE" or "CODEPIPELINE" ? "its type can't be " + source.Type : "CodePipeline gives the sources")}");
            }

            CheckSource(source, refuse);
        }

        if (project.SecondarySourceVersions?.FirstOrDefault(v => secondary.All(s => s.SourceIdentifier != v.SourceIdentifier)) is { } unknown)
        {
            throw CodeBuildErrors.InvalidInput($"Invalid secondary source version: there is no secondary source {unknown.SourceIdentifier}");
        }
    }

    private static void CheckSource(ProjectSource source, Refusal refuse)
    {
        refuse.If(source.Type is not ("CODECOMMIT" or "CODEPIPELINE" or "S3" or "NO_SOURCE"), $"sources of type {source.Type}");
        refuse.If(source.Auth is not null, "Source.Auth");
        refuse.If(source.ReportBuildStatus == true || source.BuildStatusConfig is not null, "Source.ReportBuildStatus");
        refuse.If(source.GitSubmodulesConfig?.FetchSubmodules == true, "Source.GitSubmodulesConfig.FetchSubmodules");
        var fault = source switch
        {
            { Type: "CODECOMMIT" } => SourceLocation.RepositoryOf(source.Location) is null ? "location must be the HTTPS clone address of a CodeCommit repository" : null,
            { Type: "S3" } => SourceLocation.ObjectOf(source.Location) is null ? "location must be a valid S3 source: BUCKET/KEY.zip or BUCKET/FOLDER/" : null,
            { Type: "NO_SOURCE" } => source.Buildspec is not { } text || !SourceLocation.IsInline(text) ? "buildspec must be provided inline where there is no source" : null,
            _ => null,
        };
        if (fault is not null)
        {
            throw CodeBuildErrors.InvalidInput($"Invalid project source: {fault}");
        }
    }

    private static void CheckArtifacts(Project project)
    {
        if (project.Source.Type == "CODEPIPELINE" != (project.Artifacts.Type == "CODEPIPELINE"))
        {
            throw CodeBuildErrors.InvalidInput("Invalid artifacts: source and artifacts must both be of type CODEPIPELINE, or neither");
        }

        CheckIdentifiers((project.SecondaryArtifacts ?? []).Select(a => a.ArtifactIdentifier), "artifact");
        foreach (var artifacts in (project.SecondaryArtifacts ?? []).Prepend(project.Artifacts))
        {
            if (artifacts is { Type: "S3", Location: not { Length: > 0 } })
            {
                throw CodeBuildErrors.InvalidInput("Invalid artifacts: location must be provided for S3 artifacts");
            }
        }

        if (project.SecondaryArtifacts?.FirstOrDefault(a => a.Type != "S3") is { } other)
        {
            throw CodeBuildErrors.InvalidInput($"Invalid secondary artifacts {other.ArtifactIdentifier}: their type must be S3");
        }
    }

    private static void CheckIdentifiers(IEnumerable<string?> identifiers, string kind)
    {
        var all = identifiers.ToList();
        if (all.Find(i => i is null || !Identifier().IsMatch(i)) is { } wrong || all.Contains(null))
        {
            throw CodeBuildErrors.InvalidInput($"Invalid secondary {kind}: {kind}Identifier must be letters, digits and underscores{(all.Contains(null) ? " and is missing" : "")}");
        }

        if (all.GroupBy(i => i).FirstOrDefault(g => g.Count() > 1) is { } doubled)
        {
            throw CodeBuildErrors.InvalidInput($"Invalid secondary {kind}: the {kind}Identifier {doubled.Key} is there twice");
        }
    }

    private static void CheckEnvironment(ProjectEnvironment environment, Refusal refuse)
    {
        var own = RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "ARM_CONTAINER" : "LINUX_CONTAINER";
        refuse.If(environment.Type != "LINUX_CONTAINER" && environment.Type != own, $"environments of type {environment.Type} on this machine");
        refuse.If(environment.ComputeType.StartsWith("BUILD_LAMBDA", StringComparison.Ordinal), $"the compute type {environment.ComputeType}");
        refuse.If(environment.PrivilegedMode == true, "Environment.PrivilegedMode");
        refuse.If(environment.Fleet is not null, "Environment.Fleet");
        refuse.If(environment.Certificate is not null, "Environment.Certificate");
        refuse.If(environment.RegistryCredential is not null, "Environment.RegistryCredential");
        var variables = environment.EnvironmentVariables ?? [];
        refuse.If(variables.Any(v => v.Type == "SECRETS_MANAGER"), "environment variables of type SECRETS_MANAGER");
        if (variables.FirstOrDefault(v => !IsVariableName(v.Name)) is { } wrong)
        {
            throw CodeBuildErrors.InvalidInput($"Invalid environment variable: the name '{wrong.Name}' must be letters, digits and underscores, and not start with a digit");
        }

        if (variables.GroupBy(v => v.Name).FirstOrDefault(g => g.Count() > 1) is { } doubled)
        {
            throw CodeBuildErrors.InvalidInput($"Invalid environment variable: {doubled.Key} is there twice");
        }
    }

    private static void CheckCache(ProjectCache? cache, Refusal refuse)
    {
        refuse.If(cache?.Modes?.Contains("LOCAL_DOCKER_LAYER_CACHE") == true, "the cache mode LOCAL_DOCKER_LAYER_CACHE");
        if (cache is { Type: "S3", Location: not { Length: > 0 } })
        {
            throw CodeBuildErrors.InvalidInput("Invalid cache: location must be provided for an S3 cache");
        }

        if (cache is { Type: "LOCAL", Modes: not { Count: > 0 } })
        {
            throw CodeBuildErrors.InvalidInput("Invalid cache: modes must be provided for a local cache");
        }
    }

    private static void CheckLogs(LogsConfig? logs)
    {
        if (logs?.S3Logs is { Status: "ENABLED", Location: not { Length: > 0 } })
        {
            throw CodeBuildErrors.InvalidInput("Invalid logs: location must be provided for logs in S3");
        }
    }

    [GeneratedRegex(@"\A[A-Za-z0-9_]{1,128}\z")]
    private static partial Regex Identifier();

    [GeneratedRegex(@"\A[A-Za-z_][A-Za-z0-9_]*\z")]
    private static partial Regex VariableName();

    /// <summary>Refuses in the name of an operation.</summary>
    private sealed record Refusal(string Operation)
    {
        public void If(bool unsupported, string what) => Refuse(unsupported, $"{Operation} with {what}");
    }
}
