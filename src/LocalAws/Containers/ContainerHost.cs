using System.Collections.Concurrent;
using System.Diagnostics;
using Slipway.LocalAws.Logs;

namespace Slipway.LocalAws.Containers;

/// <summary>Starts containers: the platform's own image and those of the image map as processes, others through Docker.</summary>
internal sealed class ContainerHost(
    Images images, Sandbox sandbox, Docker docker, ContainerEnvironment environment, ContainerRoles roles, LaunchThread launcher, LogStore logs, TimeProvider time) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<Container, bool> _running = new();
    private readonly CancellationTokenSource _ending = new();

    /// <summary>Local AWS ends: a container that ends from now on has not failed by itself.</summary>
    public CancellationToken Ending => _ending.Token;

    /// <summary>Starts a container; its output goes to its log at once.</summary>
    /// <exception cref="ContainerStartException">This machine can't run the image; the message says what to set up.</exception>
    public Container Start(ContainerSpec spec)
    {
        var own = roles.Lend(spec);
        try
        {
            var variables = environment.ForProcess(own);
            var (command, signals) = Prepare(own, variables);
            var process = launcher.Run(() => Launch(command, variables, own.MlRoot));
            if (own.TakesInput)
            {
                process.StandardInput.AutoFlush = true;
            }
            else
            {
                process.StandardInput.Close();
            }

            var container = new Container(process, new ContainerLog(own, logs, time), signals, time);
            _running[container] = true;
            _ = Forget(container, own);
            return container;
        }
        catch
        {
            roles.TakeBack(own);
            throw;
        }
    }

    /// <summary>Where a container finds its folder: without a sandbox it is not where it should be.</summary>
    public string RootOf(ContainerSpec spec) => spec.IsMachine && sandbox.Unusable is not null ? spec.MlRoot : spec.MountPoint;

    /// <summary>Ends every container, with local AWS itself.</summary>
    public async Task End()
    {
        await _ending.CancelAsync();
        await Task.WhenAll(_running.Keys.Select(c => c.Kill()));
    }

    public async ValueTask DisposeAsync()
    {
        await End();
        _ending.Dispose();
    }

    private (List<string> Command, IContainerSignals Signals) Prepare(ContainerSpec spec, Dictionary<string, string> variables)
    {
        if (images.Find(spec, variables["PATH"]) is not { } command)
        {
            return Docker.Answers
                ? (docker.Wrap(spec), new DockerSignals(spec))
                : throw new ContainerStartException(
                    $"Local AWS can't run the image {spec.Image}. Use the platform's own image (an ECR repository named slipway), "
                    + "name the image and its command in an image map, or start a Docker engine.");
        }

        if (sandbox.Unusable is not { } reason)
        {
            return (sandbox.Wrap(command.Vector, spec, variables["PATH"]), new SandboxSignals());
        }

        if (!command.TakesFolderFromVariable)
        {
            throw new ContainerStartException(
                $"The image {spec.Image} needs an /opt/ml of its own, and {reason}. Install bubblewrap, or use the platform's own worker, which needs none.");
        }

        if (spec.Isolated)
        {
            throw new ContainerStartException($"A job without a network (EnableNetworkIsolation) needs bubblewrap, and {reason}.");
        }

        variables["SLIPWAY_ML_ROOT"] = spec.MlRoot;
        return Grouped(command.Vector);
    }

    /// <summary>Without a sandbox, a group of processes; the first of them ends with local AWS.</summary>
    private static (List<string> Command, IContainerSignals Signals) Grouped(IReadOnlyList<string> command) =>
        Programs.Find("setsid") is { } setsid && Programs.Find("setpriv") is { } setpriv
            ? ([setsid, setpriv, "--pdeathsig", "KILL", "--", .. command], new GroupSignals())
            : ([.. command], new TreeSignals());

    private static Process Launch(List<string> command, Dictionary<string, string> variables, string folder)
    {
        // one pipe for both streams keeps their lines in the order of their writing
        IEnumerable<string> vector = OperatingSystem.IsWindows() ? command : ["/bin/sh", "-c", "exec \"$@\" 2>&1", "sh", .. command];
        var start = new ProcessStartInfo(vector.First(), vector.Skip(1))
        {
            RedirectStandardOutput = true, RedirectStandardInput = true, UseShellExecute = false, WorkingDirectory = folder,
        };
        start.Environment.Clear();
        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    private async Task Forget(Container container, ContainerSpec spec)
    {
        try
        {
            await container.Exited;
        }
        finally
        {
            _running.TryRemove(container, out _);
            roles.TakeBack(spec);
        }
    }
}
