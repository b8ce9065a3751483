using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using Slipway.LocalAws.Containers;
using Slipway.LocalAws.Storage;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.Jobs;

/// <summary>What may end a job from outside.</summary>
/// <param name="Stop">A person asks it to stop.</param>
/// <param name="Shutdown">Local AWS itself ends; the job is started again with it.</param>
internal sealed record JobSignals(CancellationToken Stop, CancellationToken Shutdown);

/// <summary>
/// The jobs that run now. Two for each core run at once, and four at least; the others wait in the order of their
/// coming, as they wait for capacity in AWS. A job of several instances counts once.
/// </summary>
internal class RunningJobs(LocalAwsOptions options, ServerLog log, ContainerHost containers, TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan WaitForStorage = TimeSpan.FromSeconds(2);
    private readonly SemaphoreSlim _slots = new(Math.Max(4, 2 * Environment.ProcessorCount));
    private readonly ConcurrentDictionary<string, (CancellationTokenSource Stop, Task Run)> _running = new();

    /// <summary>Runs a job in the background.</summary>
    /// <param name="arn">The job.</param>
    /// <param name="run">Its work; throws <see cref="OperationCanceledException"/> where local AWS ends before it.</param>
    /// <param name="fail">Marks it as failed, with a reason, where its work throws; true where it is to be run once more instead.</param>
    public void Start(string arn, Func<JobSignals, Task> run, Func<string, bool> fail)
    {
        var stop = new CancellationTokenSource();
        var begin = new TaskCompletionSource();
        // it is known before it begins, so that its end finds it
        _running[arn] = (stop, Task.Run(async () =>
        {
            await begin.Task;
            await Run(arn, run, fail, new(stop.Token, containers.Ending));
        }));
        begin.SetResult();
    }

    /// <summary>Completes when nothing of a job is under way any more, which may be a moment after it says that it has ended.</summary>
    public Task Over(string arn) => _running.TryGetValue(arn, out var job) ? job.Run : Task.CompletedTask;

    /// <summary>Asks a job to stop.</summary>
    public void Stop(string arn)
    {
        if (_running.TryGetValue(arn, out var job))
        {
            job.Stop.Cancel();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await containers.End();
        await Task.WhenAll(_running.Values.Select(j => j.Run));
        _slots.Dispose();
    }

    private async Task Run(string arn, Func<JobSignals, Task> run, Func<string, bool> fail, JobSignals signals)
    {
        var hasSlot = false;
        try
        {
            hasSlot = await Wait(signals);
            while (await RunOnce(arn, run, fail, signals))
            {
            }
        }
        catch (OperationCanceledException) when (signals.Shutdown.IsCancellationRequested)
        {
            // the state stays as it is, for the next start to take up
        }
        finally
        {
            _running.TryRemove(arn, out _);
            if (hasSlot)
            {
                _slots.Release();
            }
        }
    }

    /// <summary>Runs a job; true where local AWS itself failed and the job is to be run once more.</summary>
    private async Task<bool> RunOnce(string arn, Func<JobSignals, Task> run, Func<string, bool> fail, JobSignals signals)
    {
        try
        {
            await run(signals);
            return false;
        }
        catch (Exception e) when (e is not OperationCanceledException || !signals.Shutdown.IsCancellationRequested)
        {
            log.Write($"{arn}: {e}");
            return await Fail(fail, "InternalServerError: "
                + (StorageFailure.Explain(e, options.DataDirectory) ?? $"Local AWS failed: {e.Message} Its log has the cause under the job's ARN."), signals.Shutdown);
        }
    }

    /// <summary>Marks a job as failed, on a full disk as soon as there is room; where local AWS ends before, the next start takes the job up.</summary>
    private async Task<bool> Fail(Func<string, bool> fail, string reason, CancellationToken shutdown)
    {
        while (!shutdown.IsCancellationRequested)
        {
            try
            {
                return fail(reason);
            }
            catch (SqliteException e) when (StorageFailure.IsFull(e))
            {
                await Task.Delay(WaitForStorage, time, shutdown).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        return false;
    }

    /// <summary>Waits for a slot; false where the job is to stop before it has one.</summary>
    private async Task<bool> Wait(JobSignals signals)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(signals.Stop, signals.Shutdown);
        try
        {
            await _slots.WaitAsync(either.Token);
            return true;
        }
        catch (OperationCanceledException) when (!signals.Shutdown.IsCancellationRequested)
        {
            return false;
        }
    }
}
