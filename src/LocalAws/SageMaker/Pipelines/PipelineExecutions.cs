using System.Security.Cryptography;
using System.Text.Json;
using Slipway.Aws.SageMaker;
using Slipway.Aws.Wire;
using Slipway.LocalAws.SageMaker.Pipelines.Definitions;
using Slipway.LocalAws.SageMaker.Pipelines.Executions;
using Slipway.LocalAws.Storage;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.SageMaker.Pipelines;

/// <summary>Executions of SageMaker's pipelines: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_StartPipelineExecution.html</summary>
internal sealed class PipelineExecutions(
    Pipelines pipelines, PipelineVersions versions, DefinitionReader reader, PropertyFiles files, ExecutionStore store, Executor executor, ClientTokens tokens, TimeProvider time)
{
    private const int DefaultPage = 10;

    public async Task<StartPipelineExecution.Response> Start(StartPipelineExecution request, Caller caller, CancellationToken cancellation)
    {
        var pipeline = pipelines.Require(request.PipelineName);
        var version = pipelines.Version(pipeline, request.PipelineVersionId);
        var definition = reader.Read(version.Definition);
        var taken = request.SelectiveExecutionConfig is { } selection ? SelectiveExecution.Rows(definition, selection, Source(pipeline, selection)) : [];
        var id = RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyz0123456789", 12);
        var now = time.GetUtcNow();
        var facts = new ExecutionFacts(
            pipeline.Arn, $"{pipeline.Arn}/execution/{id}", caller.Region, DefinitionParameters.Bind(definition.Parameters, request.PipelineParameters ?? []),
            request.PipelineExecutionDisplayName ?? $"execution-{now.ToUnixTimeMilliseconds()}", request.PipelineExecutionDescription,
            request.ParallelismConfiguration ?? pipeline.Parallelism, CreatedBy: Creator.Of(caller), ModifiedBy: Creator.Of(caller), Selection: request.SelectiveExecutionConfig);
        var row = new ExecutionRow(id, pipeline.Name, version.Id, PipelineExecutionStatus.Executing, now, now, 1, null, facts);
        if (definition.ExperimentConfig is { } experiment)
        {
            var resolved = await new Scope(row, definition, files, time).Resolve(experiment, cancellation);
            row = row with { Facts = facts with { Experiment = resolved.Deserialize<PipelineExperimentConfig>(AwsJson.Lenient) } };
        }

        var arn = tokens.Once(request.ClientRequestToken, request, () =>
        {
            // a DeletePipeline may have come between
            pipelines.Require(pipeline.Arn);
            store.Insert(row);
            store.Put(id, taken);
            return facts.Arn;
        });
        if (arn == facts.Arn)
        {
            executor.Begin(id);
        }

        return new(arn);
    }

    public DescribePipelineExecution.Response Describe(DescribePipelineExecution request)
    {
        var row = Require(request.PipelineExecutionArn);
        return new(
            row.Facts.PipelineArn, row.Facts.Arn, row.Status, row.Created, row.Modified, row.Facts.DisplayName, row.Facts.Description, row.Facts.Experiment,
            row.FailureReason, row.Facts.CreatedBy, row.Facts.ModifiedBy, row.Facts.Parallelism, row.Version, row.Facts.Selection);
    }

    public ListPipelineExecutions.Response List(ListPipelineExecutions request)
    {
        var found = store.Of(pipelines.Require(request.PipelineName).Name).Where(e =>
            (request.CreatedAfter is not { } after || e.Created >= after) && (request.CreatedBefore is not { } before || e.Created <= before));
        var sorted = request.SortBy == "PipelineExecutionArn" ? found.OrderBy(e => e.Facts.Arn, StringComparer.Ordinal) : found.OrderBy(e => e.Created).ThenBy(e => e.Id, StringComparer.Ordinal);
        var ordered = request.SortOrder == SortOrder.Ascending ? sorted.ToList() : [.. sorted.Reverse()];
        var page = Page.Of(ordered, e => e.Id, request.NextToken, request.MaxResults ?? DefaultPage);
        return new([.. page.Items.Select(e => new PipelineExecutionSummary(e.Facts.Arn, e.Created, e.Status, e.Facts.Description, e.Facts.DisplayName, e.FailureReason))], page.NextToken);
    }

    public ListPipelineParametersForExecution.Response ListParameters(ListPipelineParametersForExecution request)
    {
        var page = Page.Of(Require(request.PipelineExecutionArn).Facts.Parameters, p => p.Name, request.NextToken, request.MaxResults ?? DefaultPage);
        return new(page.Items, page.NextToken);
    }

    public DescribePipelineDefinitionForExecution.Response DescribeDefinition(DescribePipelineDefinitionForExecution request)
    {
        var row = Require(request.PipelineExecutionArn);
        var version = versions.Find(row.Pipeline, row.Version)!;
        return new(version.Definition, version.Created);
    }

    public StopPipelineExecution.Response Stop(StopPipelineExecution request, Caller caller)
    {
        var arn = tokens.Once(request.ClientRequestToken, request, () => store.Change(Require(request.PipelineExecutionArn).Id, row => row.IsOver
            ? throw AwsErrors.Conflict($"Pipeline execution {row.Facts.Arn} is {row.Status}: only an execution that is Executing can be stopped.")
            : row with
            {
                Status = PipelineExecutionStatus.Stopping, Modified = time.GetUtcNow(), Facts = row.Facts with { ModifiedBy = Creator.Of(caller) },
            }).Facts.Arn);
        executor.Wake(IdOf(arn));
        return new(arn);
    }

    public RetryPipelineExecution.Response Retry(RetryPipelineExecution request, Caller caller)
    {
        var acted = false;
        var arn = tokens.Once(request.ClientRequestToken, request, () =>
        {
            acted = true;
            var row = store.Change(Require(request.PipelineExecutionArn).Id, row => row.Status is PipelineExecutionStatus.Failed or PipelineExecutionStatus.Stopped
                ? row with
                {
                    Status = PipelineExecutionStatus.Executing, Round = row.Round + 1, FailureReason = null, Modified = time.GetUtcNow(),
                    Facts = row.Facts with { Parallelism = request.ParallelismConfiguration ?? row.Facts.Parallelism, ModifiedBy = Creator.Of(caller) },
                }
                : throw AwsErrors.Conflict($"Pipeline execution {row.Facts.Arn} is {row.Status}: only an execution that is Failed or Stopped can be retried."));
            store.ForgetUnsuccessful(row.Id);
            return row.Facts.Arn;
        });
        if (acted)
        {
            executor.Begin(IdOf(arn));
        }

        return new(arn);
    }

    public UpdatePipelineExecution.Response Update(UpdatePipelineExecution request, Caller caller)
    {
        var row = store.Change(Require(request.PipelineExecutionArn).Id, row => row with
        {
            Modified = time.GetUtcNow(),
            Facts = row.Facts with
            {
                DisplayName = request.PipelineExecutionDisplayName ?? row.Facts.DisplayName,
                Description = request.PipelineExecutionDescription ?? row.Facts.Description,
                Parallelism = request.ParallelismConfiguration ?? row.Facts.Parallelism,
                ModifiedBy = Creator.Of(caller),
            },
        });
        executor.Wake(row.Id);
        return new(row.Facts.Arn);
    }

    public ListPipelineExecutionSteps.Response ListSteps(ListPipelineExecutionSteps request)
    {
        var row = Require(request.PipelineExecutionArn ?? throw AwsErrors.Validation("PipelineExecutionArn is missing."));
        var steps = reader.Read(versions.Find(row.Pipeline, row.Version)!.Definition).Steps.ToDictionary(s => s.Name);
        var rows = store.Steps(row.Id);
        if (request.SortOrder != SortOrder.Ascending)
        {
            rows.Reverse();
        }

        var page = Page.Of(rows, r => r.Name, request.NextToken, request.MaxResults ?? DefaultPage);
        return new([.. page.Items.Select(r => new PipelineExecutionStep(
            r.Name, r.Status, r.Started, r.Ended, steps[r.Name].DisplayName, steps[r.Name].Description, r.CacheSource is null ? null : new(r.CacheSource),
            r.FailureReason, r.Metadata, r.Attempt, Taken(row, r)))], page.NextToken);
    }

    /// <summary>The steps of the execution that a selection takes results from.</summary>
    private List<StepRow> Source(Pipeline pipeline, SelectiveExecutionConfig selection)
    {
        if (selection.SourcePipelineExecutionArn is not { } arn)
        {
            return [];
        }

        var source = Require(arn);
        if (source.Pipeline != pipeline.Name)
        {
            throw AwsErrors.Validation($"Pipeline execution {arn} is not one of pipeline {pipeline.Name}, so it can't be its source.");
        }

        return source.Status is PipelineExecutionStatus.Succeeded or PipelineExecutionStatus.Failed
            ? store.Steps(source.Id)
            : throw AwsErrors.Validation($"Pipeline execution {arn} is {source.Status}: only one that is Succeeded or Failed can be a source.");
    }

    private static SelectiveExecutionResult? Taken(ExecutionRow execution, StepRow step) =>
        execution.Facts.Selection is { } selection && selection.SelectedSteps.All(s => s.StepName != step.Name) ? new(selection.SourcePipelineExecutionArn) : null;

    private ExecutionRow Require(string arn) => store.Find(IdOf(arn)) is { } row && row.Facts.Arn == arn ? row
        : throw AwsErrors.ResourceNotFound($"Pipeline execution with ARN {arn} does not exist.");

    private static string IdOf(string arn) => arn[(arn.LastIndexOf('/') + 1)..];
}
