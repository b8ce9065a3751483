using Microsoft.Extensions.Time.Testing;
using Slipway.Aws.EventBridge;
using Slipway.Aws.Logs;
using Slipway.Tests.Clients;

namespace Slipway.Tests.LocalAws.EventBridge;

/// <summary>Rules that act by themselves.</summary>
public sealed class ScheduledRuleTests : IAsyncLifetime
{
    private const string Group = "/aws/events/scheduled";
    private readonly FakeTimeProvider _time = new(new(2026, 11, 23, 10, 0, 0, TimeSpan.Zero));
    private readonly LocalAwsFixture _aws;

    public ScheduledRuleTests() => _aws = new() { Time = _time };

    public async ValueTask InitializeAsync()
    {
        await _aws.InitializeAsync();
        await _aws.Aws.Send(new CreateLogGroup(Group));
    }

    public ValueTask DisposeAsync() => _aws.DisposeAsync();

    [Fact]
    public async Task A_schedule_runs_at_its_time_and_not_for_the_time_that_local_AWS_was_down()
    {
        await Schedule("nightly", "cron(0 2 * * ? *)");
        _time.Advance(TimeSpan.FromHours(15));
        Assert.Empty(await Runs());
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(["nightly"], await Runs(1));

        await _aws.Restart(() => _time.Advance(TimeSpan.FromDays(2)));
        Assert.Equal(["nightly"], await Runs(1));
        _time.Advance(TimeSpan.FromDays(1));
        Assert.Equal(["nightly", "nightly"], await Runs(2));
    }

    [Fact]
    public async Task A_disabled_schedule_does_not_run_and_starts_to_count_when_it_is_enabled()
    {
        await Schedule("often", "rate(5 minutes)");
        await _aws.Aws.Send(new DisableRule("often"));
        _time.Advance(TimeSpan.FromMinutes(6));
        await _aws.Aws.Send(new EnableRule("often"));
        _time.Advance(TimeSpan.FromMinutes(4));
        Assert.Empty(await Runs());
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(["often"], await Runs(1));
    }

    private async Task Schedule(string name, string expression)
    {
        await _aws.Aws.Send(new PutRule(name, ScheduleExpression: expression));
        await _aws.Aws.Send(new PutTargets(name, [new("log", $"arn:aws:logs:us-east-1:000000000000:log-group:{Group}", Input: $"\"{name}\"")]));
    }

    /// <summary>The names of the rules that ran, once there are as many.</summary>
    private async Task<List<string>> Runs(int count = 0)
    {
        var lines = await Patience.Until(async () => (await _aws.Aws.Send(new FilterLogEvents(Group))).Events, events => events.Count >= count);
        return [.. lines.Select(l => l.Message.Trim('"'))];
    }
}
