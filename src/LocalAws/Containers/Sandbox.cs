using System.Diagnostics;

namespace Slipway.LocalAws.Containers;

/// <summary>
/// Gives a process a folder of its own, <c>/opt/ml</c> for a job, through bubblewrap: the machine is read-only but for that folder and an
/// empty <c>/tmp</c>, its processes are a namespace of their own, and all of them end when local AWS ends, however it does.
/// </summary>
internal sealed class Sandbox
{
    private readonly string? _bwrap;
    private readonly Lazy<string?> _unusable;

    public Sandbox(LocalAwsOptions options)
    {
        _bwrap = options.Bubblewrap is { } name ? Programs.Find(name) : null;
        _unusable = new(Probe);
    }

    /// <summary>Why there is no sandbox on this machine, or null where there is one.</summary>
    public string? Unusable => _unusable.Value;

    /// <summary>The command that runs a command in a sandbox.</summary>
    public List<string> Wrap(IReadOnlyList<string> command, ContainerSpec spec, string path)
    {
        List<string> wrapped =
        [
            _bwrap!, "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc", "--tmpfs", "/tmp", "--tmpfs", "/opt",
        ];
        foreach (var folder in Hidden(command, path))
        {
            wrapped.AddRange(["--ro-bind-try", folder, folder]);
        }

        if (spec.HostsFile is { } hosts)
        {
            wrapped.AddRange(["--ro-bind", hosts, "/etc/hosts"]);
        }

        if (spec.Isolated)
        {
            wrapped.Add("--unshare-net");
        }

        wrapped.AddRange(["--bind", spec.MlRoot, spec.MountPoint, "--unshare-pid", "--die-with-parent", "--new-session", "--chdir", spec.MountPoint, "--", .. command]);
        return wrapped;
    }

    /// <summary>What the command needs of the folders that the sandbox hides.</summary>
    private static IEnumerable<string> Hidden(IReadOnlyList<string> command, string path)
    {
        var dotnet = Environment.GetEnvironmentVariable("DOTNET_ROOT");
        return command.Where(Path.IsPathFullyQualified).Where(File.Exists).SelectMany(f => new[] { f, File.ResolveLinkTarget(f, true)?.FullName ?? f })
            .Select(f => Path.GetDirectoryName(f)!)
            .Concat(path.Split(Path.PathSeparator)).Append(dotnet ?? "")
            .Select(Mounted).OfType<string>().Distinct().Order();
    }

    private static string? Mounted(string folder) => Path.TrimEndingDirectorySeparator(folder).Split('/') switch
    {
        // a program under /opt has its libraries beside it, so the whole of its package is needed
        ["", "opt", not "ml", ..] parts => "/opt/" + parts[2],
        ["", "tmp", _, ..] => folder,
        _ => null,
    };

    private string? Probe()
    {
        if (_bwrap is null)
        {
            return "bubblewrap (bwrap) is not installed";
        }

        var start = new ProcessStartInfo(_bwrap, ["--ro-bind", "/", "/", "--proc", "/proc", "--unshare-pid", "--", "/bin/true"])
        {
            RedirectStandardError = true, UseShellExecute = false,
        };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? null : $"bubblewrap does not work here: {error.Trim()}";
    }
}

/// <summary>Programs on the PATH of local AWS.</summary>
internal static class Programs
{
    /// <summary>A program's full path, or null.</summary>
    public static string? Find(string name) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
}
