using Slipway.Tests.Clients;

namespace Slipway.Tests.Crashes;

/// <summary>
/// Local AWS is killed at fifty random moments of deployments under traffic, twice in each of twenty-five deployments:
/// the second time while it recovers from the first.
/// </summary>
public sealed class DeploymentCrashTests(ITestOutputHelper output)
{
    private const int Rounds = 5;
    private static readonly TimeSpan Latest = TimeSpan.FromSeconds(2);

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    [InlineData(14)]
    [InlineData(15)]
    public async Task Killed_while_versions_change_the_endpoint_answers_again_by_itself_and_never_wrong(int seed)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "processes are looked up in /proc");
        Assert.SkipUnless(Command.Find("bwrap") is not null, "bubblewrap is not on this machine");
        Assert.SkipUnless(Command.Find("node") is not null, "node is not on this machine");
        var moments = await KilledUp.Run(seed, (up, cancellation) => Run(up, new Random(seed), cancellation));
        Assert.Equal(2 * Rounds, moments.Count);
        output.WriteLine(string.Join('\n', moments));
    }

    private static async Task Run(KilledUp up, Random random, CancellationToken cancellation)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var release = new Release(up.Endpoint);
        await release.Register(cancellation);
        await release.Deploy(1, cancellation);
        Task[] traffic = [release.Ask("a", over.Token), release.Ask("b", over.Token)];
        try
        {
            for (var round = 0; round < Rounds; round++)
            {
                // odd rounds bring version 1 back
                await Round(up, release, 2 - (round % 2), random, traffic, cancellation);
            }
        }
        finally
        {
            await over.CancelAsync();
        }

        await Task.WhenAll(traffic);
        await up.CheckEnd();
    }

    private static async Task Round(KilledUp up, Release release, int version, Random random, Task[] traffic, CancellationToken cancellation)
    {
        using var away = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var deploying = release.Deploy(version, away.Token);
        await up.KillAt(Random("Deploy", random), _ => true, cancellation, traffic, Task.Delay(Latest, cancellation));
        await away.CancelAsync();
        // who deployed has gone away with the crash, or was done before it
        await deploying.ContinueWith(_ => { }, TaskScheduler.Default);
        await up.Restart();
        await up.KillAt(Random("Recovery", random), _ => true, cancellation, traffic, Task.Delay(Latest, cancellation));
        await up.Restart();
        await release.Answered(traffic, cancellation);
        Assert.InRange(await release.Served(cancellation), 1, 2);

        await release.Deploy(version, cancellation);
        Assert.Equal(version, await release.Served(cancellation));
    }

    private static Moment Random(string stage, Random random) => random.Next(2) == 0 ? new(stage, 0, random.Next(1, 1800)) : new(stage, random.Next(1, stage == "Deploy" ? 25 : 14), 0);
}
