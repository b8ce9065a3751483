using System.Security.Cryptography;
using Slipway.LocalAws.Containers;

namespace Slipway.LocalAws.SageMaker.Endpoints;

/// <summary>The servers of one deployment. Requests enter and leave it, so that it can be closed without losing one.</summary>
internal sealed class Fleet
{
    private const double GoldenRatio = 0.6180339887498949;
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly string _folder;
    private int _inside;
    private int _closed;
    private uint _turn;

    /// <param name="parts">What servers are made with.</param>
    /// <param name="endpoint">The endpoint's name.</param>
    /// <param name="deployment">What it serves.</param>
    /// <param name="folder">A folder of its own.</param>
    public Fleet(ServerParts parts, string endpoint, Deployment deployment, string folder)
    {
        (_folder, Deployment) = (folder, deployment);
        Variants = [.. deployment.Variants.Select(v => new FleetVariant(v, [.. Enumerable.Range(0, v.Instances).Select(_ =>
            new ModelServer(parts, endpoint, v, Path.Combine(folder, "i-" + RandomNumberGenerator.GetHexString(17, lowercase: true))))]))];
    }

    /// <summary>What it serves, or is to serve.</summary>
    public Deployment Deployment { get; }

    public IReadOnlyList<FleetVariant> Variants { get; }

    /// <summary>Since when it has the endpoint's traffic; null before.</summary>
    public DateTimeOffset? ServesSince { get; set; }

    public IEnumerable<ModelServer> Servers => Variants.SelectMany(v => v.Servers);

    /// <summary>Completes when every server has passed its checks; fails with the first that did not.</summary>
    public async Task Started()
    {
        var waiting = Servers.Select(s => s.First).ToList();
        while (waiting.Count > 0)
        {
            var next = await Task.WhenAny(waiting);
            await next;
            waiting.Remove(next);
        }
    }

    /// <summary>Lets a request in; false where the fleet is closed and another has taken its place.</summary>
    public bool TryEnter()
    {
        Interlocked.Increment(ref _inside);
        if (Volatile.Read(ref _closed) == 0)
        {
            return true;
        }

        Exit();
        return false;
    }

    public void Exit()
    {
        if (Interlocked.Decrement(ref _inside) == 0 && Volatile.Read(ref _closed) == 1)
        {
            _drained.TrySetResult();
        }
    }

    /// <summary>The variant whose turn it is: each has its weight's share of the requests, spread evenly.</summary>
    public FleetVariant? Choose(string? target)
    {
        if (target is not null)
        {
            return Variants.FirstOrDefault(v => v.Deployed.Variant.VariantName == target);
        }

        if (Variants.Count == 1)
        {
            return Variants[0];
        }

        var point = Interlocked.Increment(ref _turn) * GoldenRatio % 1 * Variants.Sum(v => v.Deployed.Weight);
        foreach (var variant in Variants)
        {
            point -= variant.Deployed.Weight;
            if (point < 0)
            {
                return variant;
            }
        }

        return Variants[^1];
    }

    /// <summary>Lets no request in any more, waits for those inside, and ends the servers.</summary>
    public async Task Close()
    {
        Interlocked.Exchange(ref _closed, 1);
        if (Interlocked.CompareExchange(ref _inside, 0, 0) == 0)
        {
            _drained.TrySetResult();
        }

        await _drained.Task;
        await Stop();
    }

    /// <summary>Ends the servers now.</summary>
    public async Task Stop()
    {
        await Task.WhenAll(Servers.Select(s => s.Stop()));
        Folders.Remove(_folder);
    }
}

/// <summary>A variant's servers.</summary>
internal sealed record FleetVariant(DeployedVariant Deployed, IReadOnlyList<ModelServer> Servers)
{
    /// <summary>The server with the fewest requests among those that take any; null where there is none.</summary>
    public ModelServer? Least()
    {
        ModelServer? least = null;
        foreach (var server in Servers)
        {
            if (server.Invocations is not null && (least is null || server.Outstanding < least.Outstanding))
            {
                least = server;
            }
        }

        return least;
    }

    /// <summary>Completes when a server can take requests.</summary>
    public Task AnyReady => Task.WhenAny(Servers.Select(s => s.Ready));
}
