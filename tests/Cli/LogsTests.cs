using Slipway.Aws.SageMaker;
using Slipway.Tests.Clients;
using Slipway.Tests.EndToEnd;

namespace Slipway.Tests.Cli;

/// <summary><c>slipway logs</c> against a local AWS.</summary>
public sealed class LogsTests(LocalAwsFixture aws) : IClassFixture<LocalAwsFixture>
{
    [Fact]
    public async Task Following_a_job_shows_every_line_once_and_ends_with_it()
    {
        using var gate = new JobGate();
        await Start("counts", 1, $"for i in $(seq 300); do echo line $i; done; until [ -e {gate.File} ]; do sleep 0.05; done; for i in $(seq 301 320); do echo line $i; done; exit 3");
        var following = Command.Slipway(["logs", "counts", "--follow"], aws.Environment);
        await gate.Open();
        var followed = await following;
        Assert.Equal((0, "slipway: counts is Failed\n"), (followed.ExitCode, followed.Error));
        Assert.Equal(Enumerable.Range(1, 320).Select(i => $"line {i}"), followed.Output.Split('\n')[..^1]);
        Assert.Equal(followed.Output, (await Command.Slipway(["logs", "counts"], aws.Environment)).Output);
    }

    [Fact]
    public async Task A_job_that_is_not_there_yet_is_waited_for_and_its_instances_lines_come_in_the_order_of_their_times()
    {
        var following = Command.Slipway(["logs", "later", "-f"], aws.Environment);
        await Start("later", 2, "host=$(sed 's/.*current_host\":\"//; s/\".*//' /opt/ml/config/resourceconfig.json); sleep 0.${host#algo-}; echo one $host; sleep 1; echo two $host");
        var followed = await following;
        Assert.Equal(0, followed.ExitCode);
        Assert.EndsWith("slipway: later is Completed\n", followed.Error, StringComparison.Ordinal);
        Assert.Equal(["one algo-1", "one algo-2", "two algo-1", "two algo-2"], followed.Output.Split('\n')[..^1].Order());
        var printed = (await Command.Slipway(["logs", "later"], aws.Environment)).Output.Split('\n')[..^1];
        Assert.All(printed[..2], line => Assert.StartsWith("one", line, StringComparison.Ordinal));
        Assert.All(printed[2..], line => Assert.StartsWith("two", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_job_that_is_not_there_has_no_log()
    {
        var printed = await Command.Slipway(["logs", "nobody"], aws.Environment);
        Assert.Equal((2, "", "slipway: There is no log of nobody: neither a job nor an endpoint of this name has printed anything.\n"), (printed.ExitCode, printed.Output, printed.Error));
    }

    private Task Start(string name, int instances, string script) => aws.Aws.Send(new CreateProcessingJob(
        name, new(new(instances, "ml.m5.large", 1)), new(LocalAwsFixture.CommandImage, ["sh", "-c"], [script]), aws.RoleArn));
}
