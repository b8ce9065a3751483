using Slipway.Tests.Clients;
using Slipway.Workflow.Pipelines;

namespace Slipway.Tests.Crashes;

/// <summary>
/// Local AWS is killed by SIGKILL at fifty random moments of the main job, ten in each of five jobs, and started again
/// on the same data and port: the job ends as if nothing had been.
/// </summary>
public sealed class MainJobCrashTests(ITestOutputHelper output)
{
    private static readonly string[] Apart = [StepNames.Extract, StepNames.Validate, StepNames.Preprocess, StepNames.Train, StepNames.Evaluate];

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
        var moments = await KilledUp.Run(seed, (up, cancellation) => Run(up, new Random(seed), Apart[seed - 1], cancellation));
        Assert.Equal(MainJob.Stages.Count, moments.Count);
        output.WriteLine(string.Join('\n', moments));
    }

    /// <param name="up">What is killed.</param>
    /// <param name="random">Chooses the moments.</param>
    /// <param name="apart">The stage whose kill is the last one for a copy of the data: its end then owes nothing to later kills.</param>
    /// <param name="cancellation">Ends it.</param>
    private static async Task Run(KilledUp up, Random random, string apart, CancellationToken cancellation)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var job = new MainJob(up.Endpoint, up.Folder);
        var witness = new Witness(job);
        var checks = new MainJobChecks(job);
        string? copy = null;
        try
        {
            var (ended, witnessed) = (job.Run(over.Token), witness.Run(over.Token));
            var seen = 0;
            foreach (var moment in MainJob.Stages.Select(stage => Random(stage, random)))
            {
                await up.KillAt(moment, change => job.HasBegun(moment.Stage, change), cancellation, [ended, witnessed]);
                copy = moment.Stage == apart ? await up.CopyData() : copy;
                await up.Restart();
                seen = await witness.Check(seen);
                await checks.CheckVersionsSoFar();
            }

            var execution = await ended;
            // a slow disk lets it see less in the job's time
            await Patience.Until(() => Task.FromResult(witness.Count > 50 || witnessed.IsCompleted));
            await over.CancelAsync();
            await witnessed;
            await witness.Check(0);
            await checks.Check(execution);
            await checks.CheckApart(copy!, execution.Arn, cancellation);
        }
        finally
        {
            await over.CancelAsync();
        }

        await up.CheckEnd();
    }

    private static Moment Random(string stage, Random random)
    {
        var isStep = stage is StepNames.Extract or StepNames.Validate or StepNames.Preprocess or StepNames.Train or StepNames.Evaluate;
        return isStep && random.Next(2) == 0
            ? new(stage, 0, random.Next(1, 900))
            : new(stage, random.Next(1, stage switch { "SetUp" => 30, "Load" => 80, "Put" => 200, "Start" => 30, StepNames.Register => 50, _ => 90 }), 0);
    }
}
