using System.Globalization;
using Amazon.Runtime;
using Slipway.Aws.Client;
using Slipway.Aws.SageMaker;
using Slipway.Tests.EndToEnd;
using Slipway.Workflow;
using Slipway.Workflow.DataSets;
using Slipway.Workflow.Ingest;
using Slipway.Workflow.Pipelines;

namespace Slipway.Tests.Crashes;

/// <summary>The main job as a client does it that does not give up: resources, a CSV, a pipeline, an execution to its end.</summary>
internal sealed class MainJob : IDisposable
{
    /// <summary>The stages that can be killed in, in their order.</summary>
    public static readonly IReadOnlyList<string> Stages =
        ["SetUp", "Load", "Put", "Start", StepNames.Extract, StepNames.Validate, StepNames.Preprocess, StepNames.Train, StepNames.Evaluate, StepNames.Register];

    public const int Rows = 600;
    private readonly string _csv;
    private readonly string _token = Guid.NewGuid().ToString();
    private volatile string _stage = Stages[0];

    public MainJob(Uri endpoint, string folder)
    {
        _csv = Path.Combine(folder, "sample.csv");
        Session = new(endpoint, new BasicAWSCredentials("test", "test"), "us-east-1");
        using var file = File.Create(_csv);
        SampleData.Write(file, Rows, seed: 42);
    }

    public AwsSession Session { get; }

    public ProjectNames Names { get; private set; } = ProjectNames.From(DataSetSpecification.AdClick, _ => null);

    public async Task<EndedExecution> Run(CancellationToken cancellation)
    {
        var made = await Persistent.Run(() => Resources.Ensure(Session, DataSetSpecification.AdClick, Names, null, cancellation), cancellation);
        Names = ProjectNames.From(DataSetSpecification.AdClick, made.ToDictionary(v => v.Name, v => v.Value).GetValueOrDefault);
        _stage = "Load";
        var load = new IngestOptions
        {
            CsvPath = _csv, Specification = DataSetSpecification.AdClick, Bucket = Names.RequireBucket(), RoleArn = Names.RequireRole(),
            FeatureGroupName = Names.FeatureGroup, Concurrency = 8, RowsPerBlock = 100,
        };
        await Persistent.Run(() => Ingest.Run(Session, load, progress: null, TimeProvider.System, cancellation), cancellation);
        _stage = "Start";
        var run = new PipelineRun(Session, Names, TimeProvider.System);
        var settings = await Persistent.Run(() => run.Prepare(DataSetSpecification.AdClickYaml, cancellation), cancellation);
        await Persistent.Run(() => run.Upsert(PipelineDefinition.Build(settings), cancellation), cancellation);
        Parameter[] values = [new("CommitId", WholePath.Commit), new("AucThreshold", "0.55")];
        var started = await Persistent.Run(() => Session.Aws.Send(new StartPipelineExecution(Names.Pipeline, _token, PipelineParameters: values), cancellation), cancellation);
        _stage = "Follow";
        var ended = await Persistent.Run(() => run.Follow(started.PipelineExecutionArn, _ => { }, cancellation), cancellation);
        _stage = "Ended";
        return ended;
    }

    /// <summary>Whether a stage has begun, by what the client knows and by a change of the data directory: a job's folder has its step's name.</summary>
    public bool HasBegun(string stage, FileSystemEventArgs change)
    {
        var path = change.Name ?? "";
        return _stage == "Ended" || stage switch
        {
            "SetUp" => true,
            "Load" => _stage != "SetUp",
            "Put" => _stage != "SetUp" && path.StartsWith("features.db", StringComparison.Ordinal),
            "Start" => _stage is "Start" or "Follow",
            StepNames.Register => change.ChangeType == WatcherChangeTypes.Deleted && IsOf(path, StepNames.Evaluate),
            _ => Stages.SkipWhile(s => s != stage).Any(s => IsOf(path, s)),
        };
    }

    public void Dispose() => Session.Dispose();

    private static bool IsOf(string path, string step) =>
        path.StartsWith("jobs/", StringComparison.Ordinal) && path.Contains(string.Create(CultureInfo.InvariantCulture, $"-{step}-"), StringComparison.Ordinal);
}
