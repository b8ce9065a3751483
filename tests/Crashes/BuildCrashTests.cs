using Slipway.Aws.CodeBuild;
using Slipway.Aws.Client;
using Slipway.Aws.Iam;
using Slipway.Tests.Clients;

namespace Slipway.Tests.Crashes;

/// <summary>Local AWS is killed by SIGKILL at random moments of builds, and started again on the same data and port: each build ends, in truth, and nothing is left.</summary>
public sealed class BuildCrashTests
{
    private const int Kills = 5;
    private const string Spec = """
        version: 0.2
        env:
          exported-variables: [MADE]
        phases:
          install:
            commands: [(sleep 600 &), sleep 0.1]
          build:
            commands:
              - MADE="$CODEBUILD_BUILD_NUMBER"
              - sleep 0.2
          post_build:
            commands: [sleep 0.1]
        """;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Killed_at_random_moments_builds_end_with_all_that_they_made(int seed)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "processes are looked up in /proc");
        Assert.SkipUnless(Command.Find("bwrap") is not null, "bubblewrap is not on this machine");
        await KilledUp.Run(seed, (up, cancellation) => Run(up, new Random(seed), cancellation));
    }

    private static async Task Run(KilledUp up, Random random, CancellationToken cancellation)
    {
        using var aws = new AwsClient(up.Endpoint, new Amazon.Runtime.BasicAWSCredentials("test", "test"), "us-east-1");
        var role = (await aws.Send(new CreateRole("execution", "{}"), cancellation)).Role.Arn;
        await aws.Send(new CreateProject(
            "killed", new("NO_SOURCE", Buildspec: Spec), new("NO_ARTIFACTS"), new("LINUX_CONTAINER", "aws/codebuild/standard:7.0", "BUILD_GENERAL1_SMALL"), role), cancellation);
        var builds = new List<string>();
        for (var kill = 0; kill < Kills; kill++)
        {
            var token = $"token-{kill}";
            builds.Add((await aws.Send(new StartBuild("killed", IdempotencyToken: token), cancellation)).Build.Id);
            await up.KillAfter(TimeSpan.FromMilliseconds(random.Next(0, 900)), cancellation);
            await up.Restart();
            // who does not know what became of a request sends it again
            Assert.Equal(builds[^1], (await aws.Send(new StartBuild("killed", IdempotencyToken: token), cancellation)).Build.Id);
        }

        foreach (var (id, number) in builds.Select((id, i) => (id, i + 1)))
        {
            var build = await Ended(aws, id, cancellation);
            Assert.Equal(("SUCCEEDED", (long)number), (build.BuildStatus, build.BuildNumber));
            Assert.Equal([new ExportedEnvironmentVariable("MADE", $"{number}")], build.ExportedEnvironmentVariables!);
            Assert.Equal(11, build.Phases.Count);
        }

        await up.CheckEnd();
    }

    private static Task<Build> Ended(AwsClient aws, string id, CancellationToken cancellation) => Patience.Until(
        async () => (await aws.Send(new BatchGetBuilds([id]), cancellation)).Builds.Single(), build => build.BuildComplete, limit: cancellation);
}
