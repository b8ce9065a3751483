using System.Diagnostics;
using System.Globalization;
using Slipway.LocalAws.Containers;

namespace Slipway.Tests.EndToEnd;

/// <summary><c>slipway up</c> as a process of its own, and the processes that it has started.</summary>
internal sealed class LaunchedUp : IDisposable
{
    private readonly Process _process;

    private LaunchedUp(Process process, IReadOnlyDictionary<string, string> exports) => (_process, Exports) = (process, exports);

    /// <summary>What it tells another shell to export.</summary>
    public IReadOnlyDictionary<string, string> Exports { get; }

    /// <summary>Where it listens.</summary>
    public Uri Endpoint => new(Exports["AWS_ENDPOINT_URL"]);

    /// <summary>Starts it and returns once it listens.</summary>
    /// <param name="data">Its data directory.</param>
    /// <param name="port">Its port; 0 takes a free one.</param>
    /// <param name="under">A command that runs it, such as a sandbox with its arguments.</param>
    public static Task<LaunchedUp> Start(string data, int port, params IReadOnlyList<string> under) => Start(CommandLine(data, port, under));

    /// <summary>Starts it by a command line and returns once it listens.</summary>
    public static async Task<LaunchedUp> Start(IReadOnlyList<string> command)
    {
        // tests that a shell runs in the background have Ctrl-C ignored, and what they start would ignore it too
        IReadOnlyList<string> heeding = OperatingSystem.IsLinux() ? ["env", "--default-signal=INT", .. command] : command;
        var start = new ProcessStartInfo(heeding[0], heeding.Skip(1)) { RedirectStandardOutput = true, UseShellExecute = false };
        start.Environment["AWS_REGION"] = "us-east-1";
        var process = Process.Start(start)!;
        using var late = Patience.Token();
        var exports = new Dictionary<string, string>();
        while (await process.StandardOutput.ReadLineAsync(late.Token) is { } line && !line.StartsWith("Ctrl-C", StringComparison.Ordinal))
        {
            if (line.Split("export ") is [_, var export] && export.Split('=', 2) is [var name, var value])
            {
                exports[name] = value;
            }
        }

        if (exports.Count == 0)
        {
            process.Dispose();
            throw new InvalidOperationException("slipway up ended before it listened");
        }

        return new(process, exports);
    }

    /// <summary>The command that starts it.</summary>
    public static IReadOnlyList<string> CommandLine(string data, int port, params IReadOnlyList<string> under) =>
    [
        .. under, Clients.Command.SlipwayPath, "up", "--port", port.ToString(CultureInfo.InvariantCulture), "--data", data,
        "--image-map", Path.Combine(Repository.Root, "tests", "Clients", "images.yaml"),
    ];

    /// <summary>Every process below it, by id and start time, which no later process shares.</summary>
    public IReadOnlyList<(int Id, string Started)> Descendants() => Below(_process.Id);

    /// <summary>Every process below another one, by id and start time; parents come before their children.</summary>
    public static IReadOnlyList<(int Id, string Started)> Below(int process)
    {
        var processes = Directory.GetDirectories("/proc").Select(Path.GetFileName).Where(n => int.TryParse(n, out _))
            .Select(n => Stat(int.Parse(n!, CultureInfo.InvariantCulture))).OfType<(int Id, int Parent, string Started)>().ToLookup(p => p.Parent);
        var found = new List<(int, string)>();
        var next = new Queue<int>([process]);
        while (next.TryDequeue(out var parent))
        {
            foreach (var child in processes[parent])
            {
                found.Add((child.Id, child.Started));
                next.Enqueue(child.Id);
            }
        }

        return found;
    }

    /// <summary>
    /// Every process that works in a folder: its command line, its environment or what is mounted for it names the
    /// folder. A sandbox's processes see the folder under another name, but their mounts tell it.
    /// </summary>
    public static IReadOnlyList<(int Id, string Started, string Command)> Using(string folder) =>
    [
        .. Directory.GetDirectories("/proc").Select(Path.GetFileName).Where(n => int.TryParse(n, out _)).Select(n => int.Parse(n!, CultureInfo.InvariantCulture))
            .Where(id => new[] { "cmdline", "environ", "mountinfo" }.Any(file => Read(id, file).Contains(folder + "/", StringComparison.Ordinal) || Read(id, file).Split('\0').Contains(folder)))
            .Select(Stat).OfType<(int Id, int Parent, string Started)>().Select(p => (p.Id, p.Started, CommandLine(p.Id))),
    ];

    /// <summary>Sends it a signal, and it alone.</summary>
    public void Signal(int signal) => Unix.Signal(_process.Id, signal);

    /// <summary>Ends it, and it alone, as a power cut would: by SIGKILL.</summary>
    public async Task Kill()
    {
        _process.Kill(entireProcessTree: false);
        await _process.WaitForExitAsync().WaitAsync(Patience.Limit);
    }

    /// <summary>Ends it as Ctrl-C does, and gives its exit code.</summary>
    public async Task<int> Interrupt()
    {
        await Clients.Command.Run("sh", ["-c", $"kill -INT {_process.Id}"], new Dictionary<string, string>());
        return await Exited();
    }

    /// <summary>Its exit code, once it has ended.</summary>
    public async Task<int> Exited()
    {
        await _process.WaitForExitAsync().WaitAsync(Patience.Limit);
        return _process.ExitCode;
    }

    /// <summary>Returns once none of some processes is left, and fails where one stays.</summary>
    public static Task Gone(IReadOnlyList<(int Id, string Started)> processes) => Patience.Until(
        () => Task.FromResult(processes.Where(p => Stat(p.Id)?.Started == p.Started).Select(p => CommandLine(p.Id)).ToList()), left => left.Count == 0);

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    /// <summary>Parent and start time of a process; null where it has ended, also where nobody has asked how yet.</summary>
    private static (int Id, int Parent, string Started)? Stat(int id)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{id}/stat");
            // the name in brackets may hold anything; what follows it are plain fields
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] == "Z" ? null : (id, int.Parse(fields[1], CultureInfo.InvariantCulture), fields[19]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string CommandLine(int id) => $"{id} {Read(id, "cmdline").Replace('\0', ' ')}";

    /// <summary>A file of a process; empty where it has ended or is another user's.</summary>
    private static string Read(int id, string file)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/{file}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
