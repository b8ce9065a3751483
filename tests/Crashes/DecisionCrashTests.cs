using Amazon.Runtime;
using Slipway.Aws.Client;
using Slipway.Aws.CodeCommit;
using Slipway.Aws.CodePipeline;
using Slipway.Aws.SageMaker;
using Slipway.Tests.LocalAws.CodeCommit;
using Slipway.Workflow.DataSets;
using Slipway.Workflow.Platform;
using Slipway.Workflow.Release;
using File = System.IO.File;
using PipelineExecutionStatus = Slipway.Aws.CodePipeline.PipelineExecutionStatus;

namespace Slipway.Tests.Crashes;

/// <summary>
/// Local AWS is killed after a person's answer was acknowledged. Training is left out: the build names a version that is
/// there, and each execution names one of its own, while a newer one waits.
/// </summary>
public sealed class DecisionCrashTests(ITestOutputHelper output)
{
    private const string Group = "ad-click-models-dev";

    [Fact]
    public async Task An_answer_that_was_acknowledged_becomes_the_decision_on_its_own_version_whenever_local_AWS_is_killed()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "processes are looked up in /proc");
        output.WriteLine(string.Join('\n', await KilledUp.Run(0, Run)));
    }

    private static async Task Run(KilledUp up, CancellationToken cancellation)
    {
        using var session = new AwsSession(up.Endpoint, new BasicAWSCredentials("test", "test"), "us-east-1");
        foreach (var names in PlatformNames.All.Reverse())
        {
            await PlatformResources.Ensure(session, names, DataSetSpecification.AdClick, null, cancellation);
        }

        await session.S3.PutBucketAsync("models", cancellation);
        await session.S3.PutObjectAsync(new() { BucketName = "models", Key = "model.tar.gz", ContentBody = "a model" }, cancellation);
        var address = (await session.Aws.Send(new GetRepository(PlatformNames.Development.Repository), cancellation)).RepositoryMetadata.CloneUrlHttp;
        using var ann = await WorkingCopy.Of(address);
        await File.WriteAllTextAsync(Path.Combine(ann.Folder, "buildspec-promote.yml"), await File.ReadAllTextAsync(Path.Combine(Repository.Root, "template", "buildspec-promote.yml"), cancellation), cancellation);
        var promotions = 0;
        foreach (var (status, milliseconds) in new[]
        {
            (ApprovalStatus.Rejected, 0), (ApprovalStatus.Approved, 0), (ApprovalStatus.Rejected, 150), (ApprovalStatus.Approved, 400), (ApprovalStatus.Rejected, 600), (ApprovalStatus.Approved, 1000),
        })
        {
            await Round(up, session, ann, status, TimeSpan.FromMilliseconds(milliseconds), cancellation);
            promotions += status == ApprovalStatus.Approved ? 1 : 0;
            Assert.Equal(promotions, await Promotions(session, cancellation));
        }

        await up.CheckEnd();
    }

    private static async Task Round(KilledUp up, AwsSession session, WorkingCopy ann, ApprovalStatus status, TimeSpan moment, CancellationToken cancellation)
    {
        var version = await Register(session, cancellation);
        var commit = await ann.Commit("buildspec.yml", Buildspec(version));
        await ann.Git("push", "--quiet", "origin", "main");
        var watch = new PipelineWatch(session, PlatformNames.Development.Pipeline, TimeProvider.System);
        var waiting = await watch.Follow(await watch.Started(commit, cancellation), _ => { }, cancellation);
        Assert.True(waiting.Approval is not null, $"{waiting.Status}: {waiting.Reason}");
        var newer = await Register(session, cancellation);

        var words = $"Killed after {moment.TotalMilliseconds} ms";
        await waiting.Approval.Answer(session, status, words, cancellation);
        await up.KillAfter(moment, cancellation);
        await up.Restart();

        var ended = await watch.Follow(waiting.Record.Id, _ => { }, cancellation);
        Assert.True(ended.Status == (status == ApprovalStatus.Approved ? PipelineExecutionStatus.Succeeded : PipelineExecutionStatus.Failed), $"{ended.Status}: {ended.Reason}");
        var decided = status == ApprovalStatus.Approved ? ModelApprovalStatus.Approved : ModelApprovalStatus.Rejected;
        var now = await Patience.Until(() => session.Aws.Send(new DescribeModelPackage(version), cancellation), v => v.ModelApprovalStatus == decided, limit: cancellation);
        Assert.Equal(words, now.ApprovalDescription);
        Assert.Equal(ModelApprovalStatus.PendingManualApproval, (await session.Aws.Send(new DescribeModelPackage(newer), cancellation)).ModelApprovalStatus);
    }

    private static async Task<string> Register(AwsSession session, CancellationToken cancellation)
    {
        var inference = new InferenceSpecification([new(Image: "000000000000.dkr.ecr.us-east-1.amazonaws.com/slipway:1", ModelDataUrl: "s3://models/model.tar.gz")], ["text/csv"], ["text/csv"]);
        return (await session.Aws.Send(
            new CreateModelPackage(ModelPackageGroupName: Group, InferenceSpecification: inference, ModelApprovalStatus: ModelApprovalStatus.PendingManualApproval), cancellation)).ModelPackageArn;
    }

    private static string Buildspec(string version) => $"""
        version: 0.2
        env:
          exported-variables: [MODEL_PACKAGE_ARN, MODEL_VERSION, MODEL_AUC, MODEL_IS_NEW]
        phases:
          build:
            commands:
              - export MODEL_PACKAGE_ARN={version} MODEL_VERSION=1 MODEL_AUC=0.75 MODEL_IS_NEW=true
        """;

    /// <summary>The commits in production's repository.</summary>
    private static async Task<int> Promotions(AwsSession session, CancellationToken cancellation)
    {
        if ((await session.Aws.Send(new ListBranches(PlatformNames.Production.Repository), cancellation)).Branches.Count == 0)
        {
            return 0;
        }

        var address = (await session.Aws.Send(new GetRepository(PlatformNames.Production.Repository), cancellation)).RepositoryMetadata.CloneUrlHttp;
        using var copy = new WorkingCopy();
        await copy.Git("clone", "--quiet", address, ".");
        return int.Parse(await copy.Git("rev-list", "--count", "HEAD"), System.Globalization.CultureInfo.InvariantCulture);
    }
}
