using Slipway.Aws.Client;
using Slipway.Aws.SageMaker;
using Slipway.Workflow;
using Slipway.Workflow.DataSets;
using Slipway.Workflow.Ingest;
using Slipway.Workflow.Pipelines;
using Slipway.Workflow.Release;

namespace Slipway.Cli.Demos;

/// <summary>The demo's way through AWS: it uses what the verbs use, and only where AWS is differs.</summary>
internal sealed class DemoWalk(AwsSession session, DataSetSpecification specification, DemoOptions options, DemoStages stages)
{
    private ProjectNames _names = ProjectNames.From(specification, _ => null);

    /// <returns>The exit code.</returns>
    public async Task<int> Run(CancellationToken cancellation)
    {
        var csv = await stages.Run("Data", () => Task.FromResult(MakeData(options, stages)));
        _names = await stages.Run("Bucket, role and model package group", () => SetUp(cancellation));
        var loaded = await stages.Run("Ingest", () => Load(csv, cancellation));
        var run = new PipelineRun(session, _names, TimeProvider.System);
        var ended = await stages.Run("Pipeline", () => RunPipeline(run, cancellation));
        if (ended.Evaluation is { } evaluation)
        {
            stages.Say(Text(evaluation));
            stages.Say($"The gate asks for AUC {DemoSummary.Threshold}: {(ended.IsRefused ? "refused" : "passed")}");
        }

        if (ended.ModelPackageArn is null)
        {
            throw ended.IsRefused
                ? new GateRefusedException($"{ended.Reason}\nNothing was registered.")
                : new WorkflowException($"The execution is {ended.Status}: {ended.Reason}");
        }

        var version = await stages.Run("Registration", () => ShowRegistration(ended.ModelPackageArn, ended.IsNew, cancellation));
        await stages.Run("Approval", () => Approve(version, cancellation));
        var deployed = await stages.Run("Deployment", () => Deploy(cancellation));
        var predictions = new DemoPredictions(session.Aws, _names.Endpoint, specification, stages);
        await stages.Run("Predictions", () => predictions.Show(cancellation));
        var latency = await stages.Run($"{DemoPredictions.Invocations:N0} invocations", () => predictions.Measure(cancellation));
        DemoSummary.Write(stages, loaded, ended, deployed, latency);
        return ExitCode.Done;
    }

    /// <summary>The CSV that was given, or a made-up one.</summary>
    public static string MakeData(DemoOptions options, DemoStages stages)
    {
        if (options.Csv is not null)
        {
            stages.Say(options.Csv);
            return options.Csv;
        }

        var file = Path.Combine(options.Data, "sample.csv");
        SampleVerb.Write(file, options.Rows, SampleVerb.DefaultSeed);
        stages.Say(SampleVerb.Told(file, options.Rows));
        return file;
    }

    private async Task<ProjectNames> SetUp(CancellationToken cancellation)
    {
        var made = (await Resources.Ensure(session, specification, _names, null, cancellation)).ToDictionary(v => v.Name, v => v.Value);
        stages.Say(string.Join('\n', made.Select(v => $"{v.Key}={v.Value}")));
        return ProjectNames.From(specification, made.GetValueOrDefault);
    }

    private async Task<IngestResult> Load(string csv, CancellationToken cancellation)
    {
        var load = new IngestOptions
        {
            CsvPath = csv, Specification = specification, Bucket = _names.RequireBucket(), RoleArn = _names.RequireRole(), FeatureGroupName = _names.FeatureGroup,
        };
        var result = await Ingest.Run(session, load, progress: null, TimeProvider.System, cancellation);
        stages.Say($"{result.RowsNew:N0} records in {result.FeatureGroupName}, {result.RowsPerSecond:N0} rows/s; {string.Join(", ", result.LeftOut)} stayed behind");
        return result;
    }

    private async Task<EndedExecution> RunPipeline(PipelineRun run, CancellationToken cancellation)
    {
        var settings = await run.Prepare(Options.Text(options.Specification), cancellation);
        await run.Upsert(PipelineDefinition.Build(settings), cancellation);
        var execution = await run.Start(new Dictionary<string, string> { ["Split"] = options.Split }, cancellation);
        stages.Say(execution);
        return await ExecutionProgress.Follow(run, execution, TimeProvider.System, cancellation);
    }

    private async Task<DescribeModelPackage.Response> ShowRegistration(string arn, bool isNew, CancellationToken cancellation)
    {
        var version = await session.Aws.Send(new DescribeModelPackage(arn), cancellation);
        stages.Say($"{arn}{(isNew ? "" : " holds this very model already")}\n{version.ModelApprovalStatus}");
        if (version.CustomerMetadataProperties?.GetValueOrDefault("Leakage") is { } leakage and not Evaluation.None)
        {
            stages.Say($"In its metadata: {leakage}");
        }

        return version;
    }

    private async Task<bool> Approve(DescribeModelPackage.Response version, CancellationToken cancellation)
    {
        stages.Say("A person decides here: ./slipway models approve or reject. The demo approves in a person's stead.");
        await new ModelVersions(session, _names.ModelPackageGroup)
            .Decide(version.ModelPackageArn, ModelApprovalStatus.Approved, "Approved by the demo in a person's stead", cancellation);
        stages.Say($"Version {version.ModelPackageVersion} is {ModelApprovalStatus.Approved}");
        return true;
    }

    private async Task<DeploymentResult> Deploy(CancellationToken cancellation)
    {
        var version = await new ModelVersions(session, _names.ModelPackageGroup).Find(null, ModelApprovalStatus.Approved, cancellation);
        var result = await new Deployment(session, _names, TimeProvider.System).Deploy(version, stages.Say, cancellation);
        stages.Say($"{_names.Endpoint} answers with version {result.Version}");
        return result;
    }

    private static string Text(Evaluation evaluation)
    {
        using var text = new StringWriter();
        evaluation.WriteTo(text);
        return text.ToString().TrimEnd();
    }
}
