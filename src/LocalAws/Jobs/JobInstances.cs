using Slipway.LocalAws.Containers;

namespace Slipway.LocalAws.Jobs;

/// <summary>How the containers of a job ended.</summary>
/// <param name="Failed">The index of the instance that failed first, or null.</param>
/// <param name="ExitCode">Its exit status.</param>
/// <param name="LastLines">The last lines of its log.</param>
/// <param name="TimedOut">Whether the job's time ran out.</param>
/// <param name="Stopped">Whether a person stopped it.</param>
internal sealed record JobEnd(int? Failed, int ExitCode, string LastLines, bool TimedOut, bool Stopped);

/// <summary>Runs the containers of a job's instances together: they end together too, when one of them fails.</summary>
internal sealed class JobInstances(ContainerHost containers, TimeProvider time)
{
    /// <summary>How long SageMaker waits between SIGTERM and SIGKILL.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(120);

    /// <exception cref="ContainerStartException">One of them can't be started.</exception>
    /// <exception cref="OperationCanceledException">Local AWS ends.</exception>
    public async Task<JobEnd> Run(IReadOnlyList<ContainerSpec> specs, int mostSeconds, JobSignals signals)
    {
        var running = await Start(specs);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(Math.Min(mostSeconds, int.MaxValue / 1000)), time);
        using var any = CancellationTokenSource.CreateLinkedTokenSource(signals.Stop, signals.Shutdown, limit.Token);
        var ended = FirstFailure(running);
        try
        {
            await ended.WaitAsync(any.Token);
        }
        catch (OperationCanceledException)
        {
            await End(running, signals);
            return new(null, 0, "", TimedOut: !signals.Stop.IsCancellationRequested, Stopped: signals.Stop.IsCancellationRequested);
        }

        if (await ended is not { } failed)
        {
            return new(null, 0, "", TimedOut: false, Stopped: false);
        }

        await End(running, signals);
        return new(failed, await running[failed].Exited, running[failed].LastLines, TimedOut: false, Stopped: false);
    }

    private async Task<List<Container>> Start(IReadOnlyList<ContainerSpec> specs)
    {
        var running = new List<Container>();
        try
        {
            running.AddRange(specs.Select(containers.Start));
            return running;
        }
        catch
        {
            await Task.WhenAll(running.Select(c => c.Kill()));
            throw;
        }
    }

    /// <summary>The index of the first container that ends with another status than 0; null once all have ended well.</summary>
    private static async Task<int?> FirstFailure(List<Container> running)
    {
        await foreach (var ended in Task.WhenEach(running.Select(c => c.Exited)))
        {
            if (await ended != 0)
            {
                return running.FindIndex(c => c.Exited == ended);
            }
        }

        return null;
    }

    private static async Task End(List<Container> running, JobSignals signals)
    {
        try
        {
            await Task.WhenAll(running.Select(c => c.Stop(Grace))).WaitAsync(signals.Shutdown);
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(running.Select(c => c.Kill()));
        }

        // containers that local AWS ends with itself have neither failed nor been stopped
        signals.Shutdown.ThrowIfCancellationRequested();
    }
}
