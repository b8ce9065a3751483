using System.Net;
using System.Net.Sockets;
using Slipway.LocalAws.SageMaker.Endpoints;
using Slipway.Tests.Clients;
using Slipway.Tests.EndToEnd;

namespace Slipway.Tests.Crashes;

/// <summary>A <c>slipway up</c> in a folder of its own that is killed and started again on the same data and port, as often as wanted.</summary>
internal sealed class KilledUp : IDisposable
{
    private readonly KillSwitch _kills;
    private readonly List<string> _moments = [];
    // nobody else takes it while local AWS is away
    private readonly PortLease _port;
    private LaunchedUp _up;

    private KilledUp(string folder, PortLease port, LaunchedUp up) => (Folder, _port, _up, _kills) = (folder, port, up, new(Path.Combine(folder, "data")));

    /// <summary>A folder for what belongs to the test.</summary>
    public string Folder { get; }

    /// <summary>The moments that it was killed at, in their order.</summary>
    public IReadOnlyList<string> Moments => _moments;

    /// <summary>The port is the same after each start.</summary>
    public Uri Endpoint => _up.Endpoint;

    private string Data => Path.Combine(Folder, "data");

    /// <summary>What local AWS says of its own failures.</summary>
    private string ServerLog => Path.Combine(Data, "server.log") is var log && File.Exists(log) ? File.ReadAllText(log) : "";

    /// <summary>Runs a test's body on one of its own until the test is cancelled, and gives the moments that it was killed at; where the body fails, its failure names them.</summary>
    public static async Task<IReadOnlyList<string>> Run(int seed, Func<KilledUp, CancellationToken, Task> body)
    {
        using var up = await Start();
        try
        {
            await body(up, TestContext.Current.CancellationToken);
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"seed {seed}, killed at:\n{string.Join('\n', up.Moments)}\n{up.ServerLog}", e);
        }

        return up.Moments;
    }

    public static async Task<KilledUp> Start()
    {
        var folder = Directory.CreateTempSubdirectory("slipway-killed-").FullName;
        Directory.CreateDirectory(Path.Combine(folder, "data"));
        var port = PortLease.Take();
        return new(folder, port, await LaunchedUp.Start(Path.Combine(folder, "data"), port.Port));
    }

    /// <summary>Kills it at a moment; fails with the first of some tasks that fails before.</summary>
    public async Task KillAt(Moment moment, Func<FileSystemEventArgs, bool> hasBegun, CancellationToken cancellation, IReadOnlyList<Task> others, Task? latest = null)
    {
        var up = _up;
        var reached = _kills.At(moment, hasBegun, () => up.Signal(9), latest);
        var failed = others.Select(task => task.ContinueWith(_ => { }, cancellation, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default));
        await Task.WhenAny(failed.Prepend(reached)).WaitAsync(cancellation);
        foreach (var other in others.Where(o => o.IsFaulted))
        {
            await other;
        }

        _moments.Add(await reached);
    }

    /// <summary>Kills it after a while.</summary>
    public async Task KillAfter(TimeSpan time, CancellationToken cancellation)
    {
        await Task.Delay(time, cancellation);
        _up.Signal(9);
        _moments.Add($"{time.TotalMilliseconds} ms");
    }

    /// <summary>Copies the data as the kill has left it, once no process writes there any more.</summary>
    public async Task<string> CopyData()
    {
        await _up.Kill();
        var copy = Path.Combine(Folder, "copy");
        var copied = await Command.Run("cp", ["-a", Data, copy], new Dictionary<string, string>());
        Assert.True(copied.ExitCode == 0 || copied.Error.Contains("vanished", StringComparison.Ordinal) || copied.Error.Contains("No such file", StringComparison.Ordinal), copied.ToString());
        return copy;
    }

    /// <summary>Starts it again, and looks for what the killed one left.</summary>
    public async Task Restart()
    {
        await _up.Kill();
        var before = LaunchedUp.Using(Data);
        _up.Dispose();
        _up = await LaunchedUp.Start(Data, _port.Port);
        var left = LaunchedUp.Using(Data).Intersect(before).ToList();
        Assert.True(left.Count == 0, $"processes outlived a kill and a start: {string.Join("; ", left)}");
    }

    /// <summary>Stops it in order: that leaves no process, no port, no file that nothing names and no damage.</summary>
    public async Task CheckEnd()
    {
        Assert.Equal(0, await _up.Interrupt());
        await LaunchedUp.Gone([.. LaunchedUp.Using(Data).Select(p => (p.Id, p.Started))]);
        using (var listener = new TcpListener(IPAddress.Loopback, _port.Port))
        {
            listener.Start();
        }

        Assert.Empty(Files("jobs").Concat(Files("endpoints")).Concat(Files("tmp")).Concat(Files("builds")));
        var objects = Files("objects");
        DataCheck.Databases(Data);
        _up.Dispose();
        // a start sweeps what nothing names: there is nothing to sweep
        _up = await LaunchedUp.Start(Data, _port.Port);
        Assert.Equal(0, await _up.Interrupt());
        Assert.Equal(objects, Files("objects"));
        Assert.DoesNotContain("Exception", ServerLog, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _kills.Dispose();
        _up.Dispose();
        _port.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private List<string> Files(string folder) => Path.Combine(Data, folder) is var path && Directory.Exists(path)
        ? [.. Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)] : [];
}
