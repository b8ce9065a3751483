using System.Globalization;
using Slipway.Aws.SageMaker;
using Slipway.LocalAws.Containers;
using Slipway.LocalAws.SageMakerRuntime;

namespace Slipway.LocalAws.SageMaker.Endpoints;

/// <summary>
/// One instance of a variant: a process that serves the model on a port of its own, and is started again, each time
/// a little later, where it ends by itself.
/// </summary>
internal sealed class ModelServer
{
    private static readonly TimeSpan LongestBackOff = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);
    private readonly CancellationTokenSource _stopping;
    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ServerParts _parts;
    private readonly DeployedVariant _variant;
    private readonly ContainerSpec _spec;
    private readonly Task _run;
    private TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _crashes;
    private bool _prepared;
    private int _outstanding;

    /// <param name="parts">What servers are made with.</param>
    /// <param name="endpoint">The endpoint's name.</param>
    /// <param name="variant">The variant.</param>
    /// <param name="folder">A folder of its own.</param>
    public ModelServer(ServerParts parts, string endpoint, DeployedVariant variant, string folder)
    {
        (_parts, _variant) = (parts, variant);
        _stopping = CancellationTokenSource.CreateLinkedTokenSource(parts.Containers.Ending);
        LogStream = $"{variant.Variant.VariantName}/{Path.GetFileName(folder)}";
        _spec = new(variant.Container.Image, folder, "/aws/sagemaker/Endpoints/" + endpoint, LogStream)
        {
            Arguments = ["serve"], Region = variant.Region, RoleArn = variant.Container.RoleArn,
        };
        _run = Task.Run(Run);
    }

    /// <summary>The stream of its output in the endpoint's log group.</summary>
    public string LogStream { get; }

    /// <summary>Completes when it has passed its checks for the first time; fails where its first start did not.</summary>
    public Task First => _first.Task;

    /// <summary>Completes when it can take requests; asked for again where it can't.</summary>
    public Task Ready => Volatile.Read(ref _ready).Task;

    /// <summary>Completes when it takes requests no more: its process has ended. Ask for it before <see cref="Invocations"/>.</summary>
    public Task Left => Volatile.Read(ref _left).Task;

    /// <summary>Where it takes requests, or null while it does not.</summary>
    public ModelConnections? Invocations { get; private set; }

    /// <summary>How often it has ended by itself, or failed to start again, after it had passed its checks.</summary>
    public int Crashes => Volatile.Read(ref _crashes);

    /// <summary>How it last ended.</summary>
    public string LastEnd { get; private set; } = "";

    /// <summary>The requests that it is answering.</summary>
    public int Outstanding => Volatile.Read(ref _outstanding);

    public void Enter() => Interlocked.Increment(ref _outstanding);

    public void Exit() => Interlocked.Decrement(ref _outstanding);

    /// <summary>Asks it to end, and sees to it.</summary>
    public async Task Stop()
    {
        await _stopping.CancelAsync();
        await _run;
        _stopping.Dispose();
    }

    private async Task Run()
    {
        for (var failures = 0; !_stopping.IsCancellationRequested;)
        {
            try
            {
                await Serve();
                failures = 1;
                await Pause(failures);
            }
            catch (Exception) when (_stopping.IsCancellationRequested)
            {
                // what fails while its process is being ended is no failure of the model's
                _first.TrySetCanceled(_stopping.Token);
            }
            catch (Exception e)
            {
                failures++;
                Fail(e);
                await Pause(failures);
            }
        }
    }

    /// <summary>Waits, the longer the more starts in a row have failed; ends at once where the server is to stop.</summary>
    private async Task Pause(int failures)
    {
        var wait = TimeSpan.FromMilliseconds(100 * Math.Pow(2, Math.Min(failures - 1, 10)));
        await Task.Delay(wait < LongestBackOff ? wait : LongestBackOff, _parts.Time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Starts the process, checks it, and returns when it has ended by itself.</summary>
    private async Task Serve()
    {
        await Prepare();
        using var port = PortLease.Take();
        var server = new Uri($"http://127.0.0.1:{port.Port}");
        ModelConnections? connections = null;
        var container = _parts.Containers.Start(_spec with { Environment = Variables(port.Port) });
        try
        {
            await _parts.Probe.Check(container, server, _variant, Model, _stopping.Token);
            connections = new(port.Port, _parts.Time);
            Volatile.Write(ref _left, new(TaskCreationOptions.RunContinuationsAsynchronously));
            Invocations = connections;
            _ready.SetResult();
            _first.TrySetResult();
            var status = await container.Exited.WaitAsync(_stopping.Token);
            _stopping.Token.ThrowIfCancellationRequested();
            LastEnd = $"it ended with status {status}: {container.LastLines}";
            Interlocked.Increment(ref _crashes);
        }
        finally
        {
            Invocations = null;
            if (_ready.Task.IsCompleted)
            {
                Volatile.Write(ref _ready, new(TaskCreationOptions.RunContinuationsAsynchronously));
                _left.SetResult();
            }

            connections?.Dispose();
            await container.Stop(Grace);
        }
    }

    private string Model => Path.Combine(_spec.MlRoot, "model");

    private async Task Prepare()
    {
        if (_prepared)
        {
            return;
        }

        Directory.CreateDirectory(Model);
        if (_variant.Container.ModelDataUrl is { } url)
        {
            await _parts.Archive.Unpack(url, Model, _stopping.Token);
        }

        _prepared = true;
    }

    private Dictionary<string, string> Variables(int port)
    {
        var variables = new Dictionary<string, string>(_variant.Container.Environment)
        {
            ["SAGEMAKER_BIND_TO_PORT"] = port.ToString(CultureInfo.InvariantCulture),
            ["SAGEMAKER_SAFE_PORT_RANGE"] = $"{port}-{port}",
        };
        if (PlatformImage.Is(_spec.Image))
        {
            variables["SLIPWAY_BIND_LOOPBACK"] = "1";
        }

        return variables;
    }

    private void Fail(Exception e)
    {
        LastEnd = e.Message;
        if (!_first.TrySetException(e is DeploymentException ? e : new DeploymentException(e.Message, e)))
        {
            Interlocked.Increment(ref _crashes);
            _parts.Log.Write($"{_spec.LogGroup} {LogStream}: {e.Message}");
        }

        _ = _first.Task.Exception; // a fleet that is resumed does not wait for the first start
    }
}

/// <summary>What servers are made with.</summary>
internal sealed record ServerParts(ContainerHost Containers, ModelArchive Archive, ServerProbe Probe, Wire.ServerLog Log, TimeProvider Time);
