using System.Collections.Concurrent;
using System.Security.Cryptography;
using Slipway.Aws.SageMaker;
using Slipway.LocalAws.Containers;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.SageMaker.Endpoints;

/// <summary>
/// Brings endpoints to what they are to serve, blue/green: the new servers pass their checks before any traffic
/// moves, it moves at once, the old ones answer what they have begun. After a restart it goes on where it was.
/// </summary>
internal sealed class Deployments(
    LocalAwsOptions options, EndpointTable table, ContainerHost containers, ModelArchive archive, ServerProbe probe, ServerLog log, TimeProvider time) : IResume, IAsyncDisposable
{
    private const int MostCrashes = 2;
    private static readonly TimeSpan WatchInterval = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan DefaultWatch = TimeSpan.FromSeconds(1);
    private readonly ConcurrentDictionary<string, Fleet> _serving = new();
    private readonly ConcurrentDictionary<string, Fleet> _deploying = new();
    private readonly ConcurrentDictionary<Fleet, bool> _fleets = new();
    private readonly ConcurrentDictionary<Task, bool> _running = new();
    private readonly CancellationTokenSource _stopping = CancellationTokenSource.CreateLinkedTokenSource(containers.Ending);
    private readonly ServerParts _parts = new(containers, archive, probe, log, time);

    /// <summary>What serves an endpoint, or null.</summary>
    public Fleet? Serving(string endpoint) => _serving.GetValueOrDefault(endpoint);

    /// <summary>The servers that are to take an endpoint's traffic, or have it and are watched; null where no deployment is under way.</summary>
    public Fleet? Deploying(string endpoint) => _deploying.GetValueOrDefault(endpoint);

    /// <summary>Goes on with an endpoint that is Creating, Updating or Deleting.</summary>
    public void GoOn(string endpoint)
    {
        var task = Task.Run(() => Run(endpoint));
        _running[task] = true;
        _ = task.ContinueWith(t => _running.TryRemove(t, out _), TaskScheduler.Default);
    }

    public Task Resume(CancellationToken cancellation)
    {
        foreach (var state in table.All())
        {
            if (state is { Current: { } current, Status: not EndpointStatus.Deleting })
            {
                _serving[state.Name] = Start(state.Name, current);
            }

            GoOn(state.Name);
        }

        return Task.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_running.Keys);
        await Task.WhenAll(_fleets.Keys.Select(f => f.Stop()));
        _stopping.Dispose();
    }

    private async Task Run(string endpoint)
    {
        try
        {
            var state = table.Find(endpoint);
            await (state?.Status switch
            {
                EndpointStatus.Creating or EndpointStatus.Updating => Deploy(state),
                EndpointStatus.RollingBack => Task.Run(() => table.Move(endpoint, EndpointStatus.InService, state.FailureReason, s => s with { Pending = null })),
                EndpointStatus.Deleting => Delete(state),
                _ => Task.CompletedTask,
            });
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            log.Write($"endpoint {endpoint}: local AWS stops; it goes on at the next start");
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // the state stays as it is, so that the next start tries again
            log.Write($"endpoint {endpoint}: {e}");
        }
    }

    private async Task Deploy(EndpointState state)
    {
        var fleet = Start(state.Name, state.Pending!);
        _deploying[state.Name] = fleet;
        try
        {
            await Deploy(state, fleet);
        }
        finally
        {
            _deploying.TryRemove(new(state.Name, fleet));
        }
    }

    private async Task Deploy(EndpointState state, Fleet fleet)
    {
        try
        {
            await fleet.Started().WaitAsync(_stopping.Token);
        }
        catch (Exception e) when (e is DeploymentException or ContainerStartException or IOException)
        {
            await GiveUp(state, fleet, e.Message);
            return;
        }

        var old = _serving.GetValueOrDefault(state.Name);
        fleet.ServesSince = time.GetUtcNow();
        _serving[state.Name] = fleet;
        if (old is not null && await Watch(fleet, state.Pending!) is { } reason)
        {
            _serving[state.Name] = old;
            await GiveUp(state, fleet, reason);
            return;
        }

        table.Move(state.Name, EndpointStatus.InService, null, s => s with { Current = s.Pending, Pending = null });
        if (old is not null)
        {
            await Close(old);
        }
    }

    /// <summary>Watches new servers that have the traffic; the reason to roll back, or null.</summary>
    private async Task<string?> Watch(Fleet fleet, Deployment deployment)
    {
        var wait = deployment.Config?.BlueGreenUpdatePolicy?.TrafficRoutingConfiguration.WaitIntervalInSeconds;
        var watch = wait is { } seconds ? TimeSpan.FromSeconds(seconds) : DefaultWatch;
        for (var began = time.GetTimestamp(); time.GetElapsedTime(began) < watch || fleet.Servers.Any(s => s.Invocations is null);)
        {
            if (fleet.Servers.FirstOrDefault(s => s.Crashes >= MostCrashes) is { } crashed)
            {
                return $"A server of the new deployment ended {crashed.Crashes} times after traffic had moved to it; the last time {crashed.LastEnd}";
            }

            await Task.Delay(WatchInterval, time, _stopping.Token);
        }

        return null;
    }

    private async Task GiveUp(EndpointState state, Fleet fleet, string reason)
    {
        if (state.Status == EndpointStatus.Creating)
        {
            // an endpoint that has failed has left nothing
            await Close(fleet);
            table.Move(state.Name, EndpointStatus.Failed, reason);
            return;
        }

        table.Move(state.Name, EndpointStatus.RollingBack, reason);
        await Close(fleet);
        table.Move(state.Name, EndpointStatus.InService, reason, s => s with { Pending = null });
    }

    private async Task Delete(EndpointState state)
    {
        if (_serving.TryRemove(state.Name, out var fleet))
        {
            await Close(fleet);
        }

        table.Remove(state);
    }

    private Fleet Start(string endpoint, Deployment deployment)
    {
        var fleet = new Fleet(_parts, endpoint, deployment, Path.Combine(options.Folder("endpoints"), RandomNumberGenerator.GetHexString(12, lowercase: true)));
        _fleets[fleet] = true;
        return fleet;
    }

    private async Task Close(Fleet fleet)
    {
        await fleet.Close();
        _fleets.TryRemove(fleet, out _);
    }
}
