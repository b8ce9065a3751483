using Microsoft.Extensions.Time.Testing;
using Slipway.Aws.CodeBuild;
using Slipway.LocalAws.CodeBuild;
using Slipway.LocalAws.Storage;
using Slipway.Tests.Clients;

namespace Slipway.Tests.LocalAws.CodeBuild;

/// <summary>The times of builds, by a clock of the test's own.</summary>
public sealed class BuildTimeTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new(new(2026, 11, 23, 10, 0, 0, TimeSpan.Zero));
    private readonly LocalAwsFixture _aws;

    public BuildTimeTests() => _aws = new() { Time = _time };

    public ValueTask InitializeAsync() => _aws.InitializeAsync();

    public ValueTask DisposeAsync() => _aws.DisposeAsync();

    [Fact]
    public async Task A_build_that_takes_longer_than_its_timeout_is_ended_and_says_so()
    {
        await _aws.Create("late", Projects.Spec("echo begun", "sleep 600"));
        var build = (await _aws.Aws.Send(new StartBuild("late", TimeoutInMinutesOverride: 7))).Build;
        await _aws.Says(build, "begun");
        _time.Advance(TimeSpan.FromMinutes(8));
        var ended = await _aws.End(build.Id);
        Assert.Equal("TIMED_OUT", ended.BuildStatus);
        var phase = ended.Of("BUILD");
        Assert.Equal("TIMED_OUT", phase.PhaseStatus);
        Assert.Equal(new PhaseContext("BUILD_TIMED_OUT", "Build has timed out after 7 minutes."), phase.Contexts![0]);
        Assert.InRange(phase.DurationInSeconds!.Value, 480, 481);
    }

    [Fact]
    public async Task A_build_that_waits_longer_than_its_queued_timeout_never_begins()
    {
        await _aws.Create("queue", Projects.Spec("sleep 600"));
        var running = new List<string>();
        for (var i = 0; i < Math.Max(4, 2 * Environment.ProcessorCount); i++)
        {
            running.Add((await _aws.Aws.Send(new StartBuild("queue", TimeoutInMinutesOverride: 60))).Build.Id);
        }

        foreach (var id in running)
        {
            await _aws.Says(await _aws.Get(id), (await Entering(id)));
        }

        var waiting = (await _aws.Aws.Send(new StartBuild("queue", QueuedTimeoutInMinutesOverride: 5))).Build;
        Assert.Equal("QUEUED", (await _aws.Get(waiting.Id)).CurrentPhase);
        _time.Advance(TimeSpan.FromMinutes(6));
        var ended = await _aws.End(waiting.Id);
        Assert.Equal(("TIMED_OUT", "TIMED_OUT"), (ended.BuildStatus, ended.Of("QUEUED").PhaseStatus));
        foreach (var id in running)
        {
            await _aws.Aws.Send(new StopBuild(id));
            Assert.Equal("STOPPED", (await _aws.End(id)).BuildStatus);
        }
    }

    [Fact]
    public async Task A_token_starts_one_build_for_five_minutes()
    {
        await _aws.Create("token", Projects.Spec("true"));
        var first = (await _aws.Aws.Send(new StartBuild("token", IdempotencyToken: "t"))).Build.Id;
        _time.Advance(TimeSpan.FromMinutes(4));
        Assert.Equal(first, (await _aws.Aws.Send(new StartBuild("token", IdempotencyToken: "t"))).Build.Id);
        _time.Advance(TimeSpan.FromMinutes(2));
        var second = (await _aws.Aws.Send(new StartBuild("token", IdempotencyToken: "t"))).Build.Id;
        Assert.NotEqual(first, second);
        await _aws.End(first);
        await _aws.End(second);
    }

    [Fact]
    public void Tokens_whose_life_is_over_are_forgotten_but_not_those_that_count_for_good()
    {
        var (tokens, life) = (_aws.Server.Part<BuildTokens>(), TimeSpan.FromMinutes(5));
        tokens.Keep(new("CodePipeline/a", "", null), "id");
        tokens.Keep(new("StartBuild/old", "hash", life), "id");
        _time.Advance(TimeSpan.FromMinutes(4));
        tokens.Keep(new("StartBuild/young", "hash", life), "id");
        _time.Advance(TimeSpan.FromMinutes(2));
        tokens.Keep(new("StartBuild/new", "hash", life), "id");
        var kept = _aws.Server.Part<Database>().Read(c => c.Query("SELECT name FROM codebuild_token ORDER BY name", r => r.GetString(0)));
        Assert.Equal(["CodePipeline/a", "StartBuild/new", "StartBuild/young"], kept);
    }

    /// <summary>The line by which a build's log says that it is in its BUILD phase.</summary>
    private async Task<string> Entering(string id)
    {
        static string? Line(IEnumerable<string> lines) => lines.FirstOrDefault(l => l.EndsWith("Running command sleep 600", StringComparison.Ordinal));
        return Line(await Patience.Until(async () => await _aws.Lines(await _aws.Get(id)), lines => Line(lines) is not null))!;
    }
}
