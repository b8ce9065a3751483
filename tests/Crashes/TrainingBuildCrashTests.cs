using Amazon.Runtime;
using Slipway.Aws.Client;
using Slipway.Aws.CodeCommit;
using Slipway.Aws.CodePipeline;
using Slipway.Cli;
using Slipway.Tests.LocalAws.CodeCommit;
using Slipway.Workflow;
using Slipway.Workflow.DataSets;
using Slipway.Workflow.Ingest;
using Slipway.Workflow.Platform;
using Slipway.Workflow.Release;
using ListSageMakerExecutions = Slipway.Aws.SageMaker.ListPipelineExecutions;
using StepStatus = Slipway.Aws.SageMaker.StepStatus;

namespace Slipway.Tests.Crashes;

/// <summary>Local AWS is killed while a build of the stage TrainAndRegister trains.</summary>
public sealed class TrainingBuildCrashTests
{
    private const int Rows = 1500;

    [Fact]
    public async Task A_build_that_was_cut_short_follows_the_training_that_it_started_and_one_version_is_registered()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "processes are looked up in /proc");
        await KilledUp.Run(0, Run);
    }

    private static async Task Run(KilledUp up, CancellationToken cancellation)
    {
        using var session = new AwsSession(up.Endpoint, new BasicAWSCredentials("test", "test"), "us-east-1");
        await PlatformResources.Ensure(session, PlatformNames.Production, DataSetSpecification.AdClick, null, cancellation);
        var names = ProjectNames.From(
            DataSetSpecification.AdClick, (await PlatformResources.Ensure(session, PlatformNames.Development, DataSetSpecification.AdClick, null, cancellation)).GetValueOrDefault);
        var csv = Path.Combine(up.Folder, "sample.csv");
        SampleVerb.Write(csv, Rows, SampleVerb.DefaultSeed);
        await Ingest.Run(session, new()
        {
            CsvPath = csv, Specification = DataSetSpecification.AdClick, Bucket = names.RequireBucket(), RoleArn = names.RequireRole(), FeatureGroupName = names.FeatureGroup,
            Bulk = true, OfflineOnly = true,
        }, progress: null, TimeProvider.System, cancellation);
        var address = (await session.Aws.Send(new GetRepository(PlatformNames.Development.Repository), cancellation)).RepositoryMetadata.CloneUrlHttp;
        using var ann = await WorkingCopy.Of(address);
        NewVerb.Write(ann.Folder, csv: null);
        var commit = await ann.Commit("NOTES.md", "A first model");
        await ann.Git("push", "--quiet", "origin", "main");

        var watch = new PipelineWatch(session, PlatformNames.Development.Pipeline, TimeProvider.System);
        var execution = await watch.Started(commit, cancellation);
        await HasBegun(session, names, cancellation);
        await up.KillAfter(TimeSpan.Zero, cancellation);
        await up.Restart();

        var waiting = await watch.Follow(execution, _ => { }, cancellation);
        Assert.True(waiting.Approval is not null, $"{waiting.Status}: {waiting.Reason}");
        Assert.Single((await session.Aws.Send(new ListSageMakerExecutions(names.Pipeline), cancellation)).PipelineExecutionSummaries);
        var version = Assert.Single(await new ModelVersions(session, names.ModelPackageGroup).List(cancellation: cancellation));
        Assert.Equal(version.ModelPackageArn, waiting.Record.ModelPackageArn);
        Assert.Single(waiting.Record.Actions, a => a is { StageName: StageNames.TrainAndRegister, Status: ActionExecutionStatus.Succeeded });
        await up.CheckEnd();
    }

    /// <summary>Waits until the first step of the SageMaker pipeline has succeeded.</summary>
    private static Task HasBegun(AwsSession session, ProjectNames names, CancellationToken cancellation) => Patience.Until(
        async () => await Executions(session, names, cancellation) is [var running]
            && (await session.Aws.Send(new Slipway.Aws.SageMaker.ListPipelineExecutionSteps(running), cancellation)).PipelineExecutionSteps.Any(s => s.StepStatus == StepStatus.Succeeded),
        hasBegun => hasBegun, limit: cancellation);

    private static async Task<IReadOnlyList<string>> Executions(AwsSession session, ProjectNames names, CancellationToken cancellation)
    {
        try
        {
            return [.. (await session.Aws.Send(new ListSageMakerExecutions(names.Pipeline), cancellation)).PipelineExecutionSummaries.Select(e => e.PipelineExecutionArn)];
        }
        catch (Slipway.Aws.Wire.AwsException e) when (e.Code == "ResourceNotFound")
        {
            return [];
        }
    }
}
