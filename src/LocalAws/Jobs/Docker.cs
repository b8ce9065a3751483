using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;

namespace Slipway.LocalAws.Jobs;

/// <summary>Runs images that this machine has no command for, where a Docker engine answers.</summary>
internal sealed class Docker(ContainerEnvironment environment)
{
    private static readonly string? Program = Programs.Find("docker");

    /// <summary>Whether an engine answers now.</summary>
    public static bool Answers => Program is not null && Run(["version", "--format", "{{.Server.Version}}"]) == 0;

    /// <summary>The container of a folder has a name of its own, so that one which outlived local AWS is found and replaced.</summary>
    public static string Name(ContainerSpec spec) => "slipway-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(spec.MlRoot)))[..16];

    /// <summary>The command that runs a container in the foreground.</summary>
    public List<string> Wrap(ContainerSpec spec)
    {
        Run(["rm", "--force", Name(spec)]);
        List<string> command = [Program!, "run", "--rm", "--init", "--network", spec.Isolated ? "none" : "host", "--name", Name(spec), "--volume", $"{spec.MlRoot}:{spec.MountPoint}"];
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

    /// <summary>Sends a signal to a container; it may have ended by itself.</summary>
    public static void Signal(ContainerSpec spec, string signal) => Run(["kill", "--signal", signal, Name(spec)]);

    private static int Run(IEnumerable<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(Program!, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
        process.OutputDataReceived += static (_, _) => { };
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        process.WaitForExit();
        return process.ExitCode;
    }
}
