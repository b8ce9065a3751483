using Slipway.Aws.CodePipeline;

namespace Slipway.Tests.Crashes;

/// <summary>
/// Local AWS is killed at random moments of a pipeline's executions: when one starts, while it recovers, and when a
/// person approves it. Each goes on by itself, no action and no build runs twice, and no approval is lost.
/// </summary>
public sealed class PipelineCrashTests(ITestOutputHelper output)
{
    private const int Rounds = 3;
    private static readonly TimeSpan Latest = TimeSpan.FromSeconds(1);

    [Theory]
    [InlineData(21)]
    [InlineData(22)]
    public async Task Killed_at_any_moment_an_execution_goes_on_and_nothing_of_it_happens_twice(int seed)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "processes are looked up in /proc");
        var moments = await KilledUp.Run(seed, (up, cancellation) => Run(up, new Random(seed), cancellation));
        Assert.Equal(3 * Rounds, moments.Count);
        output.WriteLine(string.Join('\n', moments));
    }

    private static async Task Run(KilledUp up, Random random, CancellationToken cancellation)
    {
        using var released = new Released(up.Endpoint);
        await released.Make(cancellation);
        for (var round = 1; round <= Rounds; round++)
        {
            await released.Change($"{round}", cancellation);
            var starting = released.Start($"round-{round}", cancellation);
            await Kill("Start", starting);
            var id = await starting;
            await Kill("Recovery", Task.CompletedTask);
            var approving = released.Approve(id, cancellation);
            await Kill("Approval", approving);
            await approving;
            var ended = await released.End(id, cancellation);
            Assert.True(ended.Status == PipelineExecutionStatus.Succeeded, ended.StatusSummary);
            Assert.Equal($"{round}", await released.Deployed(cancellation));
        }

        await released.Check(cancellation);
        await up.CheckEnd();

        async Task Kill(string stage, Task meanwhile)
        {
            var moment = random.Next(2) == 0 ? new Moment(stage, 0, random.Next(1, 700)) : new Moment(stage, random.Next(1, 20), 0);
            await up.KillAt(moment, _ => true, cancellation, [meanwhile], Task.Delay(Latest, cancellation));
            await up.Restart();
        }
    }
}
