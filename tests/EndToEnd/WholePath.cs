using Slipway.Aws.Client;
using Slipway.Aws.SageMaker;
using Slipway.Tests.Clients;
using Slipway.Workflow;
using Slipway.Workflow.DataSets;
using Slipway.Workflow.Ingest;
using Slipway.Workflow.Pipelines;
using Slipway.Workflow.Release;

namespace Slipway.Tests.EndToEnd;

/// <summary>A local AWS on which Slipway's own workflow goes from a CSV to what the pipeline makes of it.</summary>
public sealed class WholePath : IAsyncDisposable
{
    /// <summary>The commit that the executions say they come from.</summary>
    public const string Commit = "0123456789abcdef0123456789abcdef01234567";

    private AwsSession? _session;

    /// <summary>The local AWS, which checks every signature: those of its jobs too.</summary>
    internal LocalAwsFixture Local { get; } = new() { RequireAuth = true };

    /// <summary>Slipway's own session with it.</summary>
    internal AwsSession Session => _session ?? throw new InvalidOperationException("not started");

    /// <summary>The names of the ad-click data set's resources.</summary>
    internal ProjectNames Names { get; private set; } = ProjectNames.From(DataSetSpecification.AdClick, _ => null);

    /// <summary>Starts local AWS, makes the resources and loads a CSV.</summary>
    public async Task<IngestResult> Load(string csv)
    {
        await Local.InitializeAsync();
        _session = new(Local.Server.Endpoint, Local.Credentials, "us-east-1");
        var made = await Resources.Ensure(_session, DataSetSpecification.AdClick, Names, null, CancellationToken.None);
        var variables = made.ToDictionary(v => v.Name, v => v.Value);
        Names = ProjectNames.From(DataSetSpecification.AdClick, variables.GetValueOrDefault);
        var load = new IngestOptions
        {
            CsvPath = csv, Specification = DataSetSpecification.AdClick, Bucket = Names.RequireBucket(), RoleArn = Names.RequireRole(), FeatureGroupName = Names.FeatureGroup,
        };
        return await Ingest.Run(_session, load, progress: null, TimeProvider.System, CancellationToken.None);
    }

    /// <summary>Runs the pipeline to its end.</summary>
    internal async Task<(EndedExecution Ended, System.Text.Json.Nodes.JsonNode Evaluation)> RunPipeline(params (string Name, string Value)[] parameters)
    {
        var run = new PipelineRun(Session, Names, TimeProvider.System);
        var settings = await run.Prepare(DataSetSpecification.AdClickYaml, CancellationToken.None);
        await run.Upsert(PipelineDefinition.Build(settings), CancellationToken.None);
        var values = parameters.Append(("CommitId", Commit)).ToDictionary(p => p.Item1, p => p.Item2);
        var ended = await run.Follow(await run.Start(values, CancellationToken.None), _ => { }, CancellationToken.None);
        var evaluation = await run.ReadOutput(ended.Arn, Evaluation.File, CancellationToken.None);
        Assert.True(evaluation is not null, $"the execution is {ended.Status} and has no evaluation: {ended.Reason}");
        return (ended, evaluation);
    }

    /// <summary>The versions in the group, the newest first.</summary>
    internal Task<IReadOnlyList<ModelPackageSummary>> Versions() => new ModelVersions(Session, Names.ModelPackageGroup).List();

    public async ValueTask DisposeAsync()
    {
        _session?.Dispose();
        await Local.DisposeAsync();
    }
}
