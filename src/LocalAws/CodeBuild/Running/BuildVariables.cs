using System.Globalization;
using System.Text;
using Slipway.Aws.CodeBuild;
using Slipway.Aws.Ssm;
using Slipway.Aws.Wire;
using Slipway.LocalAws.Ssm;

namespace Slipway.LocalAws.CodeBuild.Running;

/// <summary>The variables of a build's environment: https://docs.aws.amazon.com/codebuild/latest/userguide/build-env-ref-env-vars.html</summary>
internal sealed class BuildVariables(ParameterReads parameters)
{
    /// <summary>The variables that a build has from its start.</summary>
    /// <param name="record">The build.</param>
    /// <param name="root">Its folder as its container sees it.</param>
    public static Dictionary<string, string> AtStart(BuildRecord record, string root)
    {
        var build = record.Build;
        var variables = new Dictionary<string, string>
        {
            ["HOME"] = root + "/home",
            ["CI"] = "true",
            ["CODEBUILD_CI"] = "true",
            ["CODEBUILD_BUILD_ARN"] = build.Arn,
            ["CODEBUILD_BUILD_ID"] = build.Id,
            ["CODEBUILD_BUILD_IMAGE"] = build.Environment.Image,
            ["CODEBUILD_BUILD_NUMBER"] = build.BuildNumber.ToString(CultureInfo.InvariantCulture),
            ["CODEBUILD_BUILD_SUCCEEDING"] = "1",
            ["CODEBUILD_INITIATOR"] = build.Initiator,
            ["CODEBUILD_KMS_KEY_ID"] = build.EncryptionKey,
            ["CODEBUILD_PROJECT_ARN"] = record.Settings.Arn,
            ["CODEBUILD_START_TIME"] = build.StartTime.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture),
            ["CODEBUILD_SRC_DIR"] = $"{root}/{BuildFolder.SourceName(null)}",
        };
        Add(variables, "CODEBUILD_LOG_PATH", build.Logs.StreamName);
        Add(variables, "CODEBUILD_SOURCE_VERSION", build.SourceVersion);
        Add(variables, "CODEBUILD_SOURCE_REPO_URL", record.Settings.Source.Location);
        var inputs = record.Pipeline?.SecondaryInputs.Select(i => (i.Name, Source: (ProjectSource?)null)) ?? (build.SecondarySources ?? []).Select(s => (Name: s.SourceIdentifier!, Source: (ProjectSource?)s));
        foreach (var (name, source) in inputs)
        {
            variables["CODEBUILD_SRC_DIR_" + name] = $"{root}/{BuildFolder.SourceName(name)}";
            Add(variables, "CODEBUILD_SOURCE_REPO_URL_" + name, source?.Location);
            Add(variables, "CODEBUILD_SOURCE_VERSION_" + name, build.SecondarySourceVersions?.FirstOrDefault(v => v.SourceIdentifier == name)?.SourceVersion);
        }

        foreach (var variable in Own(build).Where(v => v.Type != "PARAMETER_STORE"))
        {
            variables[variable.Name] = variable.Value;
        }

        return variables;
    }

    /// <summary>The commands that add the variables which the sources and the buildspec bring. Values of parameters are hidden in the log from now on.</summary>
    /// <exception cref="BuildFailure">A parameter is not there or can't be read.</exception>
    public string AfterDownload(RunningBuild build)
    {
        var own = Own(build.Record.Build).ToList();
        var variables = new Dictionary<string, string>();
        Add(variables, "CODEBUILD_RESOLVED_SOURCE_VERSION", build.ResolvedVersion);
        foreach (var (name, version) in build.SecondaryVersions)
        {
            Add(variables, "CODEBUILD_RESOLVED_SOURCE_VERSION_" + name, version);
        }

        foreach (var (name, value) in build.Spec.Variables.Where(v => own.TrueForAll(o => o.Name != v.Key)))
        {
            variables[name] = value;
        }

        var secrets = build.Spec.ParameterStore.Where(p => own.TrueForAll(o => o.Name != p.Key)).ToDictionary();
        foreach (var variable in own.Where(v => v.Type == "PARAMETER_STORE"))
        {
            secrets[variable.Name] = variable.Value;
        }

        foreach (var (name, parameter) in secrets)
        {
            variables[name] = Parameter(parameter);
            build.Log.Mask.Add(variables[name]);
        }

        var commands = new StringBuilder();
        foreach (var (name, value) in variables)
        {
            commands.Append(CultureInfo.InvariantCulture, $"export {name}={BuildShell.Quote(value)}\n");
        }

        return commands.ToString();
    }

    /// <summary>Why a variable can't be exported from a build, or null.</summary>
    public static string? WhyNotExported(RunningBuild build, string name) =>
        name.StartsWith("AWS_", StringComparison.Ordinal) ? "variables that start with AWS_ can't be exported"
        : build.Spec.ParameterStore.ContainsKey(name) || Own(build.Record.Build).Any(v => v.Name == name && v.Type == "PARAMETER_STORE") ? "parameters can't be exported"
        : null;

    private static IEnumerable<EnvironmentVariable> Own(Build build) => build.Environment.EnvironmentVariables ?? [];

    private static void Add(Dictionary<string, string> variables, string name, string? value)
    {
        if (value is { Length: > 0 })
        {
            variables[name] = value;
        }
    }

    private string Parameter(string name)
    {
        try
        {
            return parameters.Get(new GetParameter(name, WithDecryption: true)).Parameter.Value!;
        }
        catch (AwsException e)
        {
            throw new BuildFailure("Decrypted Variables Error", e.Code == "ParameterNotFound" ? $"parameter does not exist: {name}" : $"the parameter {name} can't be read: {e.Message} ({e.Code})", e);
        }
    }
}
