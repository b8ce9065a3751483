using Slipway.Aws.Client;
using Slipway.Aws.CodePipeline;
using Slipway.Aws.SageMaker;
using Slipway.Workflow;
using Slipway.Workflow.DataSets;
using Slipway.Workflow.Ingest;
using Slipway.Workflow.Pipelines;
using Slipway.Workflow.Platform;
using Slipway.Workflow.Release;
using PipelineExecutionStatus = Slipway.Aws.CodePipeline.PipelineExecutionStatus;

namespace Slipway.Cli.Demos;

/// <summary>
/// <c>slipway demo --full</c>: from a push to development through both pipelines to the endpoint. It does what a person
/// would: push, look, answer; the builds, the promotion and the deployment are the pipelines' own.
/// </summary>
/// <param name="session">Where AWS is.</param>
/// <param name="endpoint">Its address.</param>
/// <param name="specification">The data set.</param>
/// <param name="options">What was asked for.</param>
/// <param name="variables">The variables that lead git to local AWS.</param>
/// <param name="stages">Where it is told.</param>
internal sealed class FullDemo(
    AwsSession session, Uri endpoint, DataSetSpecification specification, DemoOptions options, IReadOnlyDictionary<string, string> variables, DemoStages stages)
{
    private readonly Dictionary<PlatformNames, ProjectNames> _names = [];
    private readonly DemoInbox _inbox = new(options.Data, endpoint);

    /// <returns>The exit code.</returns>
    public async Task<int> Run(CancellationToken cancellation)
    {
        var csv = await stages.Run("Data", () => Task.FromResult(DemoWalk.MakeData(options, stages)));
        await stages.Run("Repositories, projects, pipelines, rules", () => SetUp(cancellation));
        await stages.Run("Ingest, for development and for production", () => Load(csv, cancellation));
        using var helper = new RemoteHelperFolder();
        var repository = new DemoRepository(Path.Combine(options.Data, PlatformNames.Development.Repository), variables, helper.SearchPath);
        var first = await stages.Run($"Push to {PlatformNames.Development.Repository}", () => Push(repository, cancellation));
        await Release(PlatformNames.Development, first, "Looks right on development's data", cancellation);
        var promoted = await stages.Run($"Promotion to {PlatformNames.Production.Repository}", () => Promoted(cancellation));
        await Release(PlatformNames.Production, promoted, "Approved for deployment", cancellation);
        var predictions = new DemoPredictions(session.Aws, _names[PlatformNames.Production].Endpoint, specification, stages);
        await stages.Run("Predictions", () => predictions.Show(cancellation));
        await stages.Run($"{DemoPredictions.Invocations:N0} invocations", () => predictions.Measure(cancellation));
        await stages.Run("A push that changes the README alone", () => PushReadme(repository, cancellation));
        var pipelines = await ReleaseStatus.Pipelines(session, cancellation);
        StatusVerb.Write(await ReleaseStatus.Read(session, _names[PlatformNames.Production], pipelines, 5, cancellation), pipelines);
        Console.WriteLine($"\nMail to {DemoInbox.Address}, on this machine in files (./slipway inbox --data {Options.Short(options.Data)}):");
        stages.Say(string.Join('\n', _inbox.Subjects()));
        DemoSummary.WriteTimes(stages);
        return ExitCode.Done;
    }

    private async Task<bool> SetUp(CancellationToken cancellation)
    {
        foreach (var names in PlatformNames.All.Reverse())
        {
            var made = await PlatformResources.Ensure(session, names, specification, DemoInbox.Address, cancellation);
            _names[names] = ProjectNames.From(specification, made.GetValueOrDefault);
            stages.Say($"{names.Repository} → {names.Pipeline} → {(names.PromotesTo is { } next ? next.Repository : _names[names].Endpoint)}");
        }

        await _inbox.Confirm(PlatformNames.All.Count, cancellation);
        return true;
    }

    private async Task<bool> Load(string csv, CancellationToken cancellation)
    {
        foreach (var (platform, names) in _names.Reverse())
        {
            // nobody looks a record up in development, so its online store can stay empty
            var isTrainedOnAlone = platform == PlatformNames.Development;
            var load = new IngestOptions
            {
                CsvPath = csv, Specification = specification, Bucket = names.RequireBucket(), RoleArn = names.RequireRole(), FeatureGroupName = names.FeatureGroup,
                Bulk = isTrainedOnAlone,
                OfflineOnly = isTrainedOnAlone,
            };
            var result = await Ingest.Run(session, load, progress: null, TimeProvider.System, cancellation);
            stages.Say($"{result.RowsNew:N0} records in {result.FeatureGroupName}, {result.RowsPerSecond:N0} rows/s");
        }

        return true;
    }

    private async Task<string> Push(DemoRepository repository, CancellationToken cancellation)
    {
        await repository.Make(Options.Text(options.Specification), cancellation);
        var commit = await repository.Push("A first model", session.Region, cancellation);
        stages.Say($"slipway new {repository.Folder}, git commit, git push: {commit}");
        return commit;
    }

    /// <summary>Follows a commit through a pipeline, and answers its approval in a person's stead.</summary>
    private async Task Release(PlatformNames names, string commit, string words, CancellationToken cancellation)
    {
        var watch = new PipelineWatch(session, names.Pipeline, TimeProvider.System);
        var waiting = await stages.Run(names.Pipeline, () => Follow(watch, commit, cancellation));
        await stages.Run($"Approval in {names.Pipeline}", () => Answer(waiting, ApprovalStatus.Approved, words, cancellation));
        await stages.Run(names.LastStage, async () =>
        {
            var ended = await ExecutionProgress.Follow(changed => watch.Follow(waiting.Record.Id, OfLastStage(names, changed), cancellation), TimeProvider.System, cancellation);
            Require(ended, PipelineExecutionStatus.Succeeded);
            var version = await session.Aws.Send(new DescribeModelPackage(waiting.Record.ModelPackageArn!), cancellation);
            stages.Say($"Version {version.ModelPackageVersion} of {version.ModelPackageGroupName} is {version.ModelApprovalStatus}: {version.ApprovalDescription}");
            return ended;
        });
    }

    private static Action<StepState> OfLastStage(PlatformNames names, Action<StepState> changed) => state =>
    {
        if (state.Name == names.LastStage)
        {
            changed(state);
        }
    };

    private async Task<WatchedExecution> Follow(PipelineWatch watch, string commit, CancellationToken cancellation)
    {
        var execution = await watch.Started(commit, cancellation);
        stages.Say($"{commit[..8]} started it, execution {execution}");
        var waiting = await ExecutionProgress.Follow(changed => watch.Follow(execution, changed, cancellation), TimeProvider.System, cancellation);
        Require(waiting, PipelineExecutionStatus.InProgress);
        var version = await session.Aws.Send(new DescribeModelPackage(waiting.Record.ModelPackageArn!), cancellation);
        stages.Say($"Version {version.ModelPackageVersion} of {version.ModelPackageGroupName}: AUC {waiting.Record.Variable(BuildVariableNames.ModelAuc)}, {version.ModelApprovalStatus}"
            + (waiting.Record.IsNew ? "" : ". It was not trained again: nothing that training reads has changed"));
        return waiting;
    }

    private static void Require(WatchedExecution execution, PipelineExecutionStatus wanted)
    {
        if (execution.Status == wanted)
        {
            return;
        }

        var reason = $"{execution.Record.Pipeline} is {execution.Status}: {execution.Reason}";
        throw execution.Reason?.Contains(PipelineDefinition.Refusal, StringComparison.Ordinal) == true
            ? new GateRefusedException($"{reason}\nNothing was registered.") : new WorkflowException(reason);
    }

    private async Task<bool> Answer(WatchedExecution waiting, ApprovalStatus status, string words, CancellationToken cancellation)
    {
        stages.Say($"A person decides here:\n  {waiting.Approval!.Command}\n  {waiting.Approval.AwsCommand}\nThe demo answers in a person's stead: {status}, \"{words}\"");
        await waiting.Approval.Answer(session, status, words, cancellation);
        return true;
    }

    private async Task<string> Promoted(CancellationToken cancellation)
    {
        var branch = await session.Aws.Send(new Aws.CodeCommit.GetBranch(PlatformNames.Production.Repository, PlatformNames.Branch), cancellation);
        var commit = (await session.Aws.Send(new Aws.CodeCommit.GetCommit(PlatformNames.Production.Repository, branch.Branch.CommitId), cancellation)).Commit;
        stages.Say($"{commit.CommitId}\n{commit.Message.TrimEnd()}");
        return commit.CommitId;
    }

    private async Task<bool> PushReadme(DemoRepository repository, CancellationToken cancellation)
    {
        await repository.Append("README.md", "\nOwned by the team that pushes here.\n", cancellation);
        var commit = await repository.Push("Say who owns this", session.Region, cancellation);
        var watch = new PipelineWatch(session, PlatformNames.Development.Pipeline, TimeProvider.System);
        var waiting = await Follow(watch, commit, cancellation);
        return await Answer(waiting, ApprovalStatus.Rejected, "Not needed in production", cancellation);
    }
}
