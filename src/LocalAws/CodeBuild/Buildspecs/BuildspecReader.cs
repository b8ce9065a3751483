using Slipway.LocalAws.Yaml;
using YamlDotNet.Core;

namespace Slipway.LocalAws.CodeBuild.Buildspecs;

/// <summary>Reads buildspecs. What AWS has and local AWS does not is refused by name, what AWS does not have is a mistake.</summary>
internal static class BuildspecReader
{
    private const string Version = "0.2";

    private static readonly Dictionary<string, string> PhaseNames = new()
    {
        ["install"] = Phase.Install, ["pre_build"] = Phase.PreBuild, ["build"] = Phase.Build, ["post_build"] = Phase.PostBuild,
    };

    private static readonly string[] ArtifactKeys = ["files", "exclude-paths", "base-directory", "discard-paths", "name", "enable-symlinks"];

    /// <summary>Reads a buildspec.</summary>
    /// <exception cref="BuildspecException">It has a mistake.</exception>
    public static Buildspec Read(string text)
    {
        var spec = new BuildspecNode(Root(text), "").Mapping("the buildspec");
        spec.Check(["version", "env", "phases", "artifacts", "cache"], "run-as", "proxy", "batch", "reports");
        var version = spec.Require("version").Text();
        if (version != Version)
        {
            throw spec.Require("version").Wrong($"version {version} is not supported; local AWS runs version {Version}");
        }

        var env = spec.Find("env")?.Mapping("env");
        env?.Check(["shell", "variables", "parameter-store", "exported-variables", "git-credential-helper"], "secrets-manager");
        var phases = spec.Require("phases").Mapping("phases");
        phases.Check([.. PhaseNames.Keys]);
        var cache = spec.Find("cache")?.Mapping("cache");
        cache?.Check(["paths"], "key", "fallback-keys", "action");
        return new()
        {
            Shell = Shell(env?.Find("shell")),
            Variables = env?.Find("variables")?.Variables() ?? new Dictionary<string, string>(),
            ParameterStore = env?.Find("parameter-store")?.Variables() ?? new Dictionary<string, string>(),
            ExportedVariables = env?.Find("exported-variables")?.VariableNames() ?? [],
            GitCredentialHelper = env?.Find("git-credential-helper")?.Flag() ?? false,
            RuntimeVersions = phases.Find("install")?.Mapping("install").Find("runtime-versions")?.Texts() ?? new Dictionary<string, string>(),
            Phases = phases.Names.Select(n => (Name: PhaseNames[n], Value: phases.Find(n)!)).ToDictionary(p => p.Name, p => Commands(p.Name, p.Value)),
            Artifacts = spec.Find("artifacts") is { } artifacts ? Artifacts(artifacts) : new Dictionary<string, ArtifactRule>(),
            CachePaths = cache?.Require("paths").List() ?? [],
        };
    }

    private static YamlValue Root(string text)
    {
        try
        {
            return YamlReader.Read(text) ?? throw new BuildspecException("the buildspec is empty");
        }
        catch (YamlException e)
        {
            throw new BuildspecException($"the buildspec isn't YAML: line {e.Start.Line}, column {e.Start.Column}: {e.Message}", e);
        }
    }

    private static string Shell(BuildspecNode? shell) => shell?.Text() switch
    {
        null or "/bin/sh" or "sh" => "/bin/sh",
        "bash" or "/bin/bash" => "bash",
        _ => throw shell!.Wrong("the shell must be bash or /bin/sh; PowerShell's are not supported"),
    };

    private static PhaseCommands Commands(string name, BuildspecNode node)
    {
        var phase = node.Mapping("the phase");
        phase.Check(name == Phase.Install ? ["commands", "finally", "on-failure", "runtime-versions"] : ["commands", "finally", "on-failure"], "run-as");
        if (phase.Find("commands") is null && phase.Find("finally") is null && phase.Find("runtime-versions") is null)
        {
            throw node.Wrong("it has no commands");
        }

        var onFailure = phase.Find("on-failure");
        if (onFailure?.Text() is { } value and not ("ABORT" or "CONTINUE"))
        {
            throw onFailure.Wrong(value.StartsWith("RETRY", StringComparison.Ordinal) ? $"local AWS does not support {value}" : $"'{value}' must be ABORT or CONTINUE");
        }

        return new(phase.Find("commands")?.Commands() ?? [], phase.Find("finally")?.Commands() ?? [], onFailure?.Text());
    }

    private static Dictionary<string, ArtifactRule> Artifacts(BuildspecNode node)
    {
        var artifacts = node.Mapping("artifacts");
        artifacts.Check([.. ArtifactKeys, "secondary-artifacts"], "s3-prefix");
        var secondary = artifacts.Find("secondary-artifacts")?.Mapping("secondary-artifacts");
        var rules = secondary?.Names.ToDictionary(n => n, n => Artifact(secondary.Find(n)!)) ?? [];
        if (secondary is null || artifacts.Find("files") is not null)
        {
            rules[""] = Rule(artifacts);
        }

        return rules;
    }

    private static ArtifactRule Artifact(BuildspecNode node)
    {
        var artifact = node.Mapping("the artifact");
        artifact.Check(ArtifactKeys, "s3-prefix");
        return Rule(artifact);
    }

    private static ArtifactRule Rule(BuildspecMapping artifact)
    {
        if (artifact.Find("enable-symlinks") is { } links && links.Flag())
        {
            throw links.Wrong("local AWS does not support enable-symlinks: yes");
        }

        return new(
            artifact.Require("files").List(), artifact.Find("exclude-paths")?.List() ?? [], artifact.Find("base-directory")?.Text(),
            artifact.Find("discard-paths")?.Flag() ?? false, artifact.Find("name")?.Text());
    }
}
