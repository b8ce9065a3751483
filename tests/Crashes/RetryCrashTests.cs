using System.Text.Json;
using Amazon.Runtime;
using Slipway.Aws.Client;
using Slipway.Aws.Iam;
using Slipway.Aws.SageMaker;
using Slipway.Tests.Clients;

namespace Slipway.Tests.Crashes;

/// <summary>Local AWS is killed while a step waits for its next attempt: the attempts that were made count, and the next one is made once.</summary>
public sealed class RetryCrashTests
{
    private const int Instances = 20;

    [Fact]
    public async Task Killed_between_attempts_a_step_goes_on_with_the_next_one()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "processes are looked up in /proc");
        await KilledUp.Run(0, Run);
    }

    private static async Task Run(KilledUp up, CancellationToken cancellation)
    {
        using var aws = new AwsClient(up.Endpoint, new BasicAWSCredentials("test", "test"), "us-east-1");
        var trust = """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"sagemaker.amazonaws.com"},"Action":"sts:AssumeRole"}]}""";
        var role = (await aws.Send(new CreateRole("execution", trust), cancellation)).Role.Arn;
        // more than the account has, so every attempt fails
        var definition = JsonSerializer.Serialize(new
        {
            Version = "2020-12-01",
            Steps = new[]
            {
                new
                {
                    Name = "Work", Type = "Processing",
                    Arguments = new
                    {
                        RoleArn = role, AppSpecification = new { ImageUri = LocalAwsFixture.CommandImage },
                        ProcessingResources = new { ClusterConfig = new { InstanceCount = Instances + 1, InstanceType = "ml.m5.large", VolumeSizeInGB = 1 } },
                    },
                    RetryPolicies = new[] { new { ExceptionType = new[] { "SageMaker.RESOURCE_LIMIT" }, IntervalSeconds = 1, BackoffRate = 1.0, MaxAttempts = 4 } },
                },
            },
        });
        await aws.Send(new CreatePipeline("Retries", Guid.NewGuid().ToString(), role, PipelineDefinition: definition), cancellation);
        var execution = (await aws.Send(new StartPipelineExecution("Retries", Guid.NewGuid().ToString()), cancellation)).PipelineExecutionArn;
        for (var attempt = 2; attempt <= 4; attempt++)
        {
            var reached = attempt;
            await Patience.Until(async () => (await Step(aws, execution))?.AttemptCount >= reached);
            await up.KillAfter(TimeSpan.Zero, cancellation);
            await up.Restart();
        }

        await Patience.Until(async () =>
            (await Persistent.Run(() => aws.Send(new DescribePipelineExecution(execution), cancellation), cancellation)).PipelineExecutionStatus == PipelineExecutionStatus.Failed);
        var step = (await Step(aws, execution))!;
        Assert.Equal((StepStatus.Failed, 5), (step.StepStatus, step.AttemptCount));
        Assert.Contains("request delta of 21 Instances", step.FailureReason, StringComparison.Ordinal);
        Assert.Equal(["attempt 1", "attempt 2", "attempt 3", "attempt 4"], File.ReadLines(Path.Combine(up.Folder, "data", "server.log"))
            .Where(l => l.Contains(" step Work: ", StringComparison.Ordinal)).Select(l => l.Split(" step Work: ")[1][..9]).Distinct());
        await up.CheckEnd();
    }

    private static async Task<PipelineExecutionStep?> Step(AwsClient aws, string execution) =>
        (await aws.Send(new ListPipelineExecutionSteps(execution), TestContext.Current.CancellationToken)).PipelineExecutionSteps.SingleOrDefault();
}
