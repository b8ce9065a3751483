using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;

namespace Slipway.LocalAws.Containers;

/// <summary>Runs images that this machine has no command for, where a Docker engine answers.</summary>
internal sealed class Docker(ContainerEnvironment environment, LocalAwsOptions options)
{
    /// <summary>The label that says which data directory a container works for.</summary>
    private const string Label = "slipway.data";
    private static readonly string? Program = Programs.Find("docker");

    /// <summary>Whether an engine answers now.</summary>
    public static bool Answers => Program is not null && Run(["version", "--format", "{{.Server.Version}}"]).ExitCode == 0;

    /// <summary>The container of a folder has a name of its own, so that one which outlived local AWS is found and replaced.</summary>
    public static string Name(ContainerSpec spec) => "slipway-" + Hash(spec.MlRoot);

    /// <summary>The command that runs a container in the foreground.</summary>
    public List<string> Wrap(ContainerSpec spec)
    {
        Run(["rm", "--force", Name(spec)]);
        List<string> command = [Program!, "run", "--rm", "--init", "--network", spec.Isolated ? "none" : "host", "--name", Name(spec), "--label", LabelOf(options), "--volume", $"{spec.MlRoot}:{spec.MountPoint}"];
        if (spec.TakesInput)
        {
            command.Add("--interactive");
        }

        if (spec.HostsFile is { } hosts)
        {
            command.AddRange(["--volume", $"{hosts}:/etc/hosts:ro"]);
        }

        foreach (var (name, value) in environment.For(spec))
        {
            command.AddRange(["--env", $"{name}={value}"]);
        }

        if (spec.Entrypoint is { Count: > 0 } entrypoint)
        {
            return [.. command, "--entrypoint", entrypoint[0], spec.Image, .. entrypoint.Skip(1), .. spec.Arguments];
        }

        return [.. command, spec.Image, .. spec.Arguments];
    }

    /// <summary>Ends the containers of a local AWS that was killed: the engine runs them on. Without Docker there are none.</summary>
    /// <returns>Those that can't be ended.</returns>
    public static IReadOnlyList<string> EndLeft(LocalAwsOptions options)
    {
        if (Program is null)
        {
            return [];
        }

        var left = Left(options);
        if (left.Count == 0)
        {
            return [];
        }

        Run(["rm", "--force", .. left]);
        return Left(options);
    }

    /// <summary>Sends a signal to a container; it may have ended by itself.</summary>
    public static void Signal(ContainerSpec spec, string signal) => Run(["kill", "--signal", signal, Name(spec)]);

    private static List<string> Left(LocalAwsOptions options) => Run(["ps", "--all", "--quiet", "--filter", $"label={LabelOf(options)}"]) is (0, var ids) ? [.. ids.Split('\n', StringSplitOptions.RemoveEmptyEntries)] : [];

    /// <summary>The same for a data directory always, and for no other one.</summary>
    private static string LabelOf(LocalAwsOptions options) => $"{Label}={Hash(Path.GetFullPath(options.DataDirectory))}";

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..16];

    private static (int ExitCode, string Output) Run(IEnumerable<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(Program!, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginErrorReadLine();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output);
    }
}
