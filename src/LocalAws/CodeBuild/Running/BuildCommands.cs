using Slipway.Aws.CodeBuild;

namespace Slipway.LocalAws.CodeBuild.Running;

/// <summary>Runs the commands of a build's phases, and asks its shell for what they leave.</summary>
internal static class BuildCommands
{
    /// <summary>Runs a phase: its commands up to the first that fails, and then those that run however they ended.</summary>
    public static async Task<PhaseEnd> Run(RunningBuild build, string phase)
    {
        if (build.Spec.Phases.GetValueOrDefault(phase) is not { } commands)
        {
            return PhaseEnd.Success;
        }

        var end = await RunAll(build, commands.Commands);
        if (commands.Finally.Count == 0)
        {
            return end;
        }

        await Tell(build, build.Succeeds && end.Status == Status.Succeeded);
        var last = await RunAll(build, commands.Finally);
        return end.Status == Status.Succeeded ? last : end;
    }

    /// <summary>Lets the commands know whether the build succeeds so far.</summary>
    public static async Task Tell(RunningBuild build, bool succeeds)
    {
        if (build.ToldToSucceed != succeeds)
        {
            await build.Shell.Run($"export CODEBUILD_BUILD_SUCCEEDING={(succeeds ? 1 : 0)}", build.Cancellation);
            build.ToldToSucceed = succeeds;
        }
    }

    /// <summary>The values of the variables that the buildspec exports; one that is not set has none.</summary>
    public static async Task<IReadOnlyList<ExportedEnvironmentVariable>> Exported(RunningBuild build)
    {
        var names = new List<string>();
        foreach (var name in build.Spec.ExportedVariables)
        {
            if (BuildVariables.WhyNotExported(build, name) is { } why)
            {
                build.Log.Write($"{name} is not exported: {why}");
            }
            else
            {
                names.Add(name);
            }
        }

        var values = names.Count == 0 ? [] : await build.Shell.Ask(string.Join('\n', names.Select(n => $"printf '%s\\0' \"${{{n}-}}\" >&7")), build.Cancellation);
        return [.. names.Zip(values).Select(v => new ExportedEnvironmentVariable(v.First, v.Second))];
    }

    /// <summary>What the buildspec says of artifacts and the cache, with the values that its variables and commands have now.</summary>
    public static async Task<BuildOutcome> Outcome(RunningBuild build)
    {
        var (artifacts, paths) = (build.Spec.Artifacts, build.Spec.CachePaths);
        var texts = artifacts.Values.SelectMany(Texts).Concat(paths).ToList();
        var command = string.Join('\n', texts.Select(t => $"printf '%s\\0' {Quoted(t)} >&7"));
        var values = new Queue<string>(texts.Count == 0 ? [] : await build.Shell.Ask(command, build.Cancellation));
        return values.Count == texts.Count
            ? new(artifacts.ToDictionary(a => a.Key, a => Filled(a.Value, values.Dequeue)), [.. paths.Select(_ => values.Dequeue())])
            : throw new BuildFailure(BuildFailure.Yaml, "artifacts: the shell can't give the paths and names their variables' values: is a quote or a bracket missing?");
    }

    private static async Task<PhaseEnd> RunAll(RunningBuild build, IReadOnlyList<string> commands)
    {
        foreach (var command in commands.Select(c => c.TrimEnd('\n')))
        {
            build.Log.Write($"Running command {command}");
            var status = await build.Shell.Run(command, build.Cancellation);
            if (status != 0)
            {
                build.Log.Write($"Command did not exit successfully {command} exit status {status}");
                return PhaseEnd.Failure(BuildFailure.Command, build.Log.Mask.Apply($"Error while executing command: {command}. Reason: exit status {status}"));
            }
        }

        return PhaseEnd.Success;
    }

    /// <summary>A text in double quotes, where variables and commands stand for their values.</summary>
    private static string Quoted(string text) => $"\"{text.Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    private static IEnumerable<string> Texts(ArtifactRule rule) => [.. rule.Files, .. rule.ExcludePaths, rule.BaseDirectory ?? "", rule.Name ?? ""];

    private static ArtifactRule Filled(ArtifactRule rule, Func<string> next) => new(
        [.. rule.Files.Select(_ => next())], [.. rule.ExcludePaths.Select(_ => next())], next() is { Length: > 0 } folder ? folder : null, rule.DiscardPaths,
        next() is { Length: > 0 } name ? name : null);
}
