using System.Text.Json.Nodes;
using Slipway.Aws.CodePipeline;
using Slipway.Aws.SageMaker;
using Slipway.Aws.SageMakerRuntime;
using Slipway.Tests.Clients;
using Slipway.Workflow.Platform;
using Slipway.Workflow.Release;

namespace Slipway.Tests.EndToEnd;

/// <summary>The whole flow: a push to development becomes production's endpoint, and what changes nothing or is rejected does not.</summary>
public sealed class PushToEndpointTests
{
    private const string ManualsWords = "Approved for deployment";

    [Fact]
    public async Task A_push_to_development_becomes_productions_endpoint_and_what_is_rejected_does_not()
    {
        await using var platform = await Platform.Start(rows: 1500);
        await Patience.Until(async () => (await platform.Inbox()).Count >= 2);
        var first = await platform.Push("A first model");
        var waiting = await platform.ToApproval(PlatformNames.Development, first);
        await ApproveByTheManual(platform, waiting.Approval!);
        var promoted = await Promoted(platform, waiting, first);
        await Deployed(platform, promoted);
        await ReadmeAlone(platform);
        await Rejected(platform);
        await Refused(platform);
        using var production = await platform.Production();
        Assert.Equal(promoted, await production.Git("rev-parse", "HEAD"));
    }

    /// <summary>The manual's command where the aws command line is there, else its operation.</summary>
    private static async Task ApproveByTheManual(Platform platform, WaitingApproval waiting)
    {
        if (Command.Find("aws") is null)
        {
            await waiting.Answer(platform.Session, ApprovalStatus.Approved, ManualsWords, TestContext.Current.CancellationToken);
            return;
        }

        var run = await Command.Run("sh", ["-c", waiting.AwsCommand], platform.Aws.Environment, platform.Folder);
        Assert.True(run.ExitCode == 0, run.ToString());
    }

    /// <summary>Development's approval leads to a commit in production's repository that says where it comes from.</summary>
    private static async Task<string> Promoted(Platform platform, WatchedExecution waiting, string first)
    {
        var ended = await platform.ToEnd(waiting);
        Assert.True(ended.Status == Slipway.Aws.CodePipeline.PipelineExecutionStatus.Succeeded, ended.Reason);
        var version = await platform.Session.Aws.Send(new DescribeModelPackage(waiting.Record.ModelPackageArn!));
        Assert.Equal((ModelApprovalStatus.Approved, ManualsWords), (version.ModelApprovalStatus, version.ApprovalDescription));
        Assert.Equal(first, version.MetadataProperties!.CommitId);
        using var production = await platform.Production();
        Assert.Equal(await platform.Development.Git("rev-parse", "HEAD^{tree}"), await production.Git("rev-parse", "HEAD^{tree}"));
        var message = await production.Git("log", "-1", "--format=%B");
        Assert.Contains(first, message, StringComparison.Ordinal);
        Assert.Contains(version.ModelPackageArn, message, StringComparison.Ordinal);
        Assert.Contains("auc 0.", message, StringComparison.Ordinal);
        await Patience.Until(async () => (await platform.Inbox()).Any(m => m.Subject.StartsWith("Promoted", StringComparison.Ordinal)));
        Assert.Contains(await platform.Inbox(), m => m.Subject.StartsWith("APPROVAL NEEDED", StringComparison.Ordinal) && m.Text.Contains(waiting.Approval!.Token, StringComparison.Ordinal));
        return await production.Git("rev-parse", "HEAD");
    }

    /// <summary>Production's pipeline has started by itself; status names what answers it, and the endpoint serves the version.</summary>
    private static async Task Deployed(Platform platform, string promoted)
    {
        var waiting = await platform.ToApproval(PlatformNames.Production, promoted);
        var shown = await platform.Slipway("status");
        Assert.Contains(waiting.Approval!.AwsCommand, shown, StringComparison.Ordinal);
        Assert.Contains(waiting.Approval.Command, shown, StringComparison.Ordinal);
        await platform.Slipway("approve", "--words", "Slices look right");
        var ended = await platform.ToEnd(waiting);
        Assert.True(ended.Status == Slipway.Aws.CodePipeline.PipelineExecutionStatus.Succeeded, ended.Reason);
        var version = await platform.Session.Aws.Send(new DescribeModelPackage(waiting.Record.ModelPackageArn!));
        Assert.Equal((ModelApprovalStatus.Approved, "Slices look right"), (version.ModelApprovalStatus, version.ApprovalDescription));
        var answer = await platform.Session.Aws.Send(new InvokeEndpoint("ad-click-prediction-endpoint", "25,1,0,1,0,0,1,1"u8.ToArray(), ContentType: "text/csv"));
        Assert.InRange(double.Parse(answer.Body, System.Globalization.CultureInfo.InvariantCulture), 0.001, 0.999);
        var status = JsonNode.Parse(await platform.Slipway("status", "--json"))!;
        Assert.Equal(("InService", 1), ((string?)status["endpoint"]!["status"], (int)status["endpoint"]!["version"]!));
        var commit = status["commits"]!.AsArray().Single(c => (string?)c!["commit"] == promoted)!;
        Assert.Equal(("Deploy", "Succeeded", 1, true), ((string?)commit["stage"], (string?)commit["status"], (int)commit["modelVersion"]!, (bool)commit["trained"]!));
    }

    /// <summary>A change of the README alone does not train again, and its rejection takes nothing back.</summary>
    private static async Task ReadmeAlone(Platform platform)
    {
        await File.AppendAllTextAsync(Path.Combine(platform.Development.Folder, "README.md"), "\nOurs.\n");
        var waiting = await platform.ToApproval(PlatformNames.Development, await platform.Push("Say whose it is"));
        Assert.False(waiting.Record.IsNew);
        var log = await platform.LogOf(waiting.Record, StageNames.TrainAndRegister);
        Assert.Contains("Train", log, StringComparison.Ordinal);
        Assert.Contains("from the cache", log, StringComparison.Ordinal);
        Assert.Contains("no second version was registered", log, StringComparison.Ordinal);
        Assert.Contains("not trained again", await platform.Slipway("status"), StringComparison.Ordinal);
        await platform.Slipway("reject", "--pipeline", PlatformNames.Development.Pipeline, "--words", "Not needed");
        await platform.ToEnd(waiting);
        Assert.Contains("stays Approved", await platform.Slipway("models", "decide", "--pipeline", waiting.Record.Pipeline, "--execution", waiting.Record.Id), StringComparison.Ordinal);
    }

    /// <summary>A model that the gate refuses ends the pipeline with the numbers, and status has them.</summary>
    private static async Task Refused(Platform platform)
    {
        var buildspec = Path.Combine(platform.Development.Folder, "buildspec.yml");
        await File.WriteAllTextAsync(buildspec, (await File.ReadAllTextAsync(buildspec)).Replace("slipway train ", "slipway train --param AucThreshold=0.99 ", StringComparison.Ordinal));
        var watch = new PipelineWatch(platform.Session, PlatformNames.Development.Pipeline, TimeProvider.System);
        var ended = await watch.Follow(await watch.Started(await platform.Push("Ask for more"), TestContext.Current.CancellationToken), _ => { }, TestContext.Current.CancellationToken);
        Assert.Equal((Slipway.Aws.CodePipeline.PipelineExecutionStatus.Failed, null), (ended.Status, ended.Approval));
        Assert.Contains("The gate refused the model: AUC 0.", ended.Reason, StringComparison.Ordinal);
        Assert.Contains(ended.Reason!, await platform.Slipway("status"), StringComparison.Ordinal);
    }

    /// <summary>A version that a person rejects in the pipeline becomes Rejected, with the person's words, by the rule alone.</summary>
    private static async Task Rejected(Platform platform)
    {
        var specification = Path.Combine(platform.Development.Folder, "data-set.yaml");
        await File.WriteAllTextAsync(specification, (await File.ReadAllTextAsync(specification)).Replace("max: 100", "max: 101", StringComparison.Ordinal));
        var waiting = await platform.ToApproval(PlatformNames.Development, await platform.Push("Take users of 101 years"));
        Assert.True(waiting.Record.IsNew);
        await platform.Slipway("reject", "--pipeline", PlatformNames.Development.Pipeline, "--execution", waiting.Record.Id, "--words", "Worse on mobile");
        var ended = await platform.ToEnd(waiting);
        Assert.Equal(Slipway.Aws.CodePipeline.PipelineExecutionStatus.Failed, ended.Status);
        Assert.DoesNotContain(ended.Record.Actions, a => a.StageName == StageNames.Promote);
        DescribeModelPackage.Response? version = null;
        await Patience.Until(async () => (version = await platform.Session.Aws.Send(new DescribeModelPackage(waiting.Record.ModelPackageArn!))).ModelApprovalStatus == ModelApprovalStatus.Rejected);
        Assert.Equal((2, "Worse on mobile"), (version!.ModelPackageVersion, version.ApprovalDescription));
    }
}
