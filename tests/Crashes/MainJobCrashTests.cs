using System.Net;
using System.Net.Sockets;
using Slipway.Tests.Clients;
using Slipway.Tests.EndToEnd;
using Slipway.Workflow.Pipelines;

namespace Slipway.Tests.Crashes;

/// <summary>
/// Local AWS is killed by SIGKILL at fifty random moments of the main job, ten in each of five jobs, and started again
/// on the same data and port: the job ends as if nothing had been.
/// </summary>
public sealed class MainJobCrashTests(ITestOutputHelper output) : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);
    private readonly string _folder = Directory.CreateTempSubdirectory("slipway-crashes-").FullName;
    private readonly List<string> _moments = [];

    private string Data => Path.Combine(_folder, "data");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public async Task Killed_in_every_stage_the_main_job_ends_once_and_loses_nothing(int seed)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "processes are looked up in /proc");
        Assert.SkipUnless(Command.Find("bwrap") is not null, "bubblewrap is not on this machine");
        try
        {
            await Run(new Random(seed));
        }
        catch (Exception e) when (e is not OperationCanceledException || _moments.Count > 0)
        {
            throw new InvalidOperationException($"seed {seed}, killed at: {string.Join("; ", _moments)}\n{ServerLog()}", e);
        }

        _moments.ForEach(output.WriteLine);
    }

    private async Task Run(Random random)
    {
        using var limit = new CancellationTokenSource(Limit);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(limit.Token);
        Directory.CreateDirectory(Data);
        var up = await LaunchedUp.Start(Data, port: 0);
        using var job = new MainJob(up.Endpoint, _folder);
        using var kills = new KillSwitch(Data);
        var witness = new Witness(job);
        try
        {
            var (ended, witnessed) = (job.Run(limit.Token), witness.Run(over.Token));
            var seen = 0;
            foreach (var moment in MainJob.Stages.Select(stage => Random(stage, random)))
            {
                var running = up;
                var reached = kills.At(moment, change => job.HasBegun(moment.Stage, change), () => running.Signal(9));
                await Task.WhenAny(reached, Failed(ended), Failed(witnessed)).Unwrap().WaitAsync(limit.Token);
                _moments.Add(await reached);
                up = await Restart(running);
                seen = await witness.Check(seen);
            }

            var execution = await ended;
            await over.CancelAsync();
            await witnessed;
            await witness.Check(0);
            await new MainJobChecks(job).Check(execution);
            await CheckEnd(up);
        }
        finally
        {
            await over.CancelAsync();
            up.Dispose();
        }
    }

    /// <summary>Starts it again on the same data and port, and looks for what the killed one left.</summary>
    private async Task<LaunchedUp> Restart(LaunchedUp killed)
    {
        await killed.Kill();
        var before = LaunchedUp.Using(Data);
        var up = await LaunchedUp.Start(Data, killed.Endpoint.Port);
        var left = LaunchedUp.Using(Data).Intersect(before).ToList();
        Assert.True(left.Count == 0, $"processes outlived a kill and a start: {string.Join("; ", left)}");
        killed.Dispose();
        return up;
    }

    /// <summary>An orderly stop leaves no process, no port, no file that nothing names and no damage.</summary>
    private async Task CheckEnd(LaunchedUp up)
    {
        var port = up.Endpoint.Port;
        Assert.Equal(0, await up.Interrupt());
        Assert.Empty(LaunchedUp.Using(Data));
        using (var listener = new TcpListener(IPAddress.Loopback, port))
        {
            listener.Start();
        }

        Assert.Empty(Files("jobs").Concat(Files("endpoints")).Concat(Files("tmp")));
        var objects = Files("objects");
        DataCheck.Databases(Data);
        // a start sweeps what nothing names: there is nothing to sweep
        using var again = await LaunchedUp.Start(Data, port: 0);
        Assert.Equal(0, await again.Interrupt());
        Assert.Equal(objects, Files("objects"));
        Assert.Equal("", ServerLog());
    }

    private static Moment Random(string stage, Random random)
    {
        var isStep = MainJob.Stages.ToList().IndexOf(stage) is > 3 and < 9;
        return isStep && random.Next(2) == 0
            ? new(stage, 0, random.Next(1, 900))
            : new(stage, random.Next(1, stage switch { "SetUp" => 30, "Load" => 80, "Put" => 200, "Start" => 30, StepNames.Register => 50, _ => 90 }), 0);
    }

    /// <summary>Completes only where a task fails, with its failure.</summary>
    private static async Task<Task> Failed(Task task)
    {
        await task.ContinueWith(_ => { }, TaskScheduler.Default);
        return task.IsFaulted ? task : await new TaskCompletionSource<Task>().Task;
    }

    private List<string> Files(string folder) => Path.Combine(Data, folder) is var path && Directory.Exists(path)
        ? [.. Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)] : [];

    private string ServerLog() => Path.Combine(Data, "server.log") is var log && File.Exists(log) ? File.ReadAllText(log) : "";
}
