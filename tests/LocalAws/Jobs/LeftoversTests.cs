using System.Diagnostics;
using System.Globalization;
using Slipway.LocalAws;
using Slipway.Tests.Clients;
using Slipway.Tests.EndToEnd;

namespace Slipway.Tests.LocalAws.Jobs;

/// <summary>A start after a kill ends what outlived the killed run, and nothing else.</summary>
public sealed class LeftoversTests : IDisposable
{
    private readonly string _data = Directory.CreateTempSubdirectory("slipway-leftovers-").FullName;
    private readonly List<Process> _started = [];

    public void Dispose()
    {
        foreach (var process in _started)
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
            process.Dispose();
        }

        Directory.Delete(_data, recursive: true);
    }

    [Fact]
    public async Task Sandboxes_and_workers_of_a_killed_run_are_ended_and_their_folders_removed()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "processes are looked up in /proc");
        Assert.SkipUnless(Command.Find("bwrap") is not null, "bubblewrap is not on this machine");
        var job = Directory.CreateDirectory(Path.Combine(_data, "jobs", "processing", "job", "algo-1")).FullName;
        var elsewhere = Directory.CreateDirectory(Path.Combine(_data, "mine", "jobs")).FullName;
        await File.WriteAllTextAsync(Path.Combine(job, "half"), "half a", TestContext.Current.CancellationToken);
        var sandbox = Sandbox(job);
        var inner = await Child(sandbox);
        // the sandbox's first process alone, as a kill in its first moment leaves it
        sandbox.Kill();
        await sandbox.WaitForExitAsync(TestContext.Current.CancellationToken);
        if (!OperatingSystem.IsWindows())
        {
            var modules = Directory.CreateDirectory(Path.Combine(job, "modules", "one")).Parent!;
            modules.UnixFileMode = UnixFileMode.UserRead | UnixFileMode.UserExecute;
        }

        var worker = Run(Path.Combine(_data, "endpoints", "fleet", "i-1"), "sleep", "6001");
        var (other, foreign) = (Sandbox(elsewhere), Run(elsewhere, "sleep", "6002"));
        await File.WriteAllTextAsync(Path.Combine(_data, "up.pid"), "1", TestContext.Current.CancellationToken);

        await using (await LocalAwsServer.Start(new() { DataDirectory = _data }, TestContext.Current.CancellationToken))
        {
            await LaunchedUp.Gone([inner]);
            await worker.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.Equal(137, worker.ExitCode);
            Assert.False(other.HasExited || foreign.HasExited, "what works elsewhere is not local AWS's");
            Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(_data, "jobs", "processing")));
            Assert.Equal(Environment.ProcessId.ToString(CultureInfo.InvariantCulture), await File.ReadAllTextAsync(Path.Combine(_data, "up.pid"), TestContext.Current.CancellationToken));
        }

        Assert.False(File.Exists(Path.Combine(_data, "up.pid")));
    }

    private Process Sandbox(string folder) => Run("", "bwrap", "--ro-bind", "/", "/", "--proc", "/proc", "--bind", folder, "/mnt", "--unshare-pid", "--", "sleep", "6000");

    private Process Run(string folder, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { UseShellExecute = false };
        start.Environment["SLIPWAY_ML_ROOT"] = folder;
        var process = Process.Start(start)!;
        _started.Add(process);
        return process;
    }

    /// <summary>The first process of a sandbox's namespace, once it is there.</summary>
    private static async Task<(int Id, string Started)> Child(Process sandbox) =>
        (await Patience.Until(() => Task.FromResult(LaunchedUp.Below(sandbox.Id)), below => below.Count > 1))[0];
}
