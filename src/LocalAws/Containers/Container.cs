using System.Diagnostics;

namespace Slipway.LocalAws.Containers;

/// <summary>A running container.</summary>
internal sealed class Container
{
    private readonly Process _process;
    private readonly ContainerLog _log;
    private readonly IContainerSignals _signals;
    private readonly TimeProvider _time;

    public Container(Process process, ContainerLog log, IContainerSignals signals, TimeProvider time)
    {
        (_process, _log, _signals, _time) = (process, log, signals, time);
        Exited = Run();
    }

    /// <summary>Completes with the exit status when the container has ended and its log is on disk; 128 and the signal where one ended it.</summary>
    public Task<int> Exited { get; }

    /// <summary>What it reads, where its specification keeps that open; each line goes out at once.</summary>
    public StreamWriter Input => _process.StandardInput;

    /// <summary>The last lines of its log.</summary>
    public string LastLines => _log.Tail;

    /// <summary>Sends SIGTERM to all its processes, and SIGKILL to those that are there after a while; completes when it has ended.</summary>
    public async Task Stop(TimeSpan grace)
    {
        _signals.Terminate(_process);
        try
        {
            await Exited.WaitAsync(grace, _time);
        }
        catch (TimeoutException)
        {
            await Kill();
        }
    }

    /// <summary>Sends SIGKILL to all its processes; completes when it has ended.</summary>
    public async Task Kill()
    {
        _signals.Kill(_process);
        await Exited;
    }

    private async Task<int> Run()
    {
        var log = _log.Pump(_process.StandardOutput.BaseStream);
        await _process.WaitForExitAsync();
        var status = _process.ExitCode;
        // what it left running holds the log open and must not outlive it
        _signals.Kill(_process);
        await log;
        _process.StandardOutput.Dispose();
        return status;
    }
}
