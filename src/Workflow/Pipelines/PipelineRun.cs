using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Amazon.S3.Model;
using Slipway.Aws.Client;
using Slipway.Aws.SageMaker;
using Slipway.Aws.Wire;
using Slipway.Workflow.DataSets;

namespace Slipway.Workflow.Pipelines;

/// <summary>Puts the pipeline's definition in place, starts it and follows it.</summary>
public sealed class PipelineRun(AwsSession session, ProjectNames names, TimeProvider time)
{
    /// <summary>
    /// The settings for a specification, whose text lies beside the pipeline under the hash of what it says, so that an
    /// execution can always be repeated with it, and a text that says the same finds what came of the one before.
    /// </summary>
    public PipelineSettings Settings(string specification) => new()
    {
        Names = names,
        Region = session.Region,
        SpecificationUri = $"s3://{names.RequireBucket()}/{SpecificationFolder(specification)}",
    };

    /// <summary>Puts the specification in its place and gives the settings for it.</summary>
    public async Task<PipelineSettings> Prepare(string specification, CancellationToken cancellation)
    {
        var put = new PutObjectRequest
        {
            BucketName = names.RequireBucket(),
            Key = $"{SpecificationFolder(specification)}/specification.yaml",
            ContentBody = specification,
            ContentType = "application/yaml",
        };
        await session.S3.PutObjectAsync(put, cancellation);
        return Settings(specification);
    }

    /// <summary>Creates the pipeline, or gives it this definition where it is there.</summary>
    public async Task Upsert(JsonObject definition, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(definition);
        var text = definition.ToJsonString(Readable);
        try
        {
            await session.Aws.Send(new DescribePipeline(names.Pipeline), cancellation);
        }
        catch (AwsException e) when (e.Code == "ResourceNotFound")
        {
            await session.Aws.Send(new CreatePipeline(names.Pipeline, Hash(names.Pipeline + text), names.RequireRole(), PipelineDefinition: text), cancellation);
            return;
        }

        await session.Aws.Send(new UpdatePipeline(names.Pipeline, PipelineDefinition: text, RoleArn: names.RequireRole()), cancellation);
    }

    /// <summary>Starts an execution.</summary>
    /// <param name="parameters">The parameters that differ from their defaults.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <param name="displayName">What <see cref="FindRunning"/> finds it by.</param>
    /// <returns>Its ARN.</returns>
    public async Task<string> Start(IReadOnlyDictionary<string, string> parameters, CancellationToken cancellation, string? displayName = null)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        var values = parameters.Select(p => new Parameter(p.Key, p.Value)).ToList();
        try
        {
            var started = await session.Aws.Send(
                new StartPipelineExecution(names.Pipeline, Guid.NewGuid().ToString(), displayName, values), cancellation);
            return started.PipelineExecutionArn;
        }
        catch (AwsException e) when (e.Code == "ValidationException" && parameters.Keys.FirstOrDefault(name => e.Message.Contains($"'{name}'", StringComparison.Ordinal)) is { } wrong)
        {
            throw new BadInputException($"--param {wrong}={parameters[wrong]}: {e.Message}", e);
        }
    }

    /// <summary>The execution of a display name that runs, or null.</summary>
    public async Task<string?> FindRunning(string displayName, CancellationToken cancellation)
    {
        try
        {
            var newest = await session.Aws.Send(new ListPipelineExecutions(names.Pipeline, SortOrder: SortOrder.Descending, MaxResults: 100), cancellation);
            return newest.PipelineExecutionSummaries.FirstOrDefault(
                e => e.PipelineExecutionDisplayName == displayName && e.PipelineExecutionStatus == PipelineExecutionStatus.Executing)?.PipelineExecutionArn;
        }
        catch (AwsException e) when (e.Code is "ResourceNotFound")
        {
            return null;
        }
    }

    /// <summary>Follows an execution to its end.</summary>
    /// <param name="execution">Its ARN.</param>
    /// <param name="changed">Called with each step that is new or whose state has changed.</param>
    /// <param name="cancellation">Stops following; the execution goes on.</param>
    public async Task<EndedExecution> Follow(string execution, Action<StepState> changed, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(changed);
        var waiting = new Waiting(time);
        var seen = new Dictionary<string, StepState>();
        while (true)
        {
            var state = await session.Aws.Send(new DescribePipelineExecution(execution), cancellation);
            var steps = await ListSteps(execution, cancellation);
            var states = steps.Select(ToState).ToList();
            foreach (var step in states.Where(s => seen.GetValueOrDefault(s.Name) != s))
            {
                seen[step.Name] = step;
                changed(step);
                waiting.Changed();
            }

            if (state.PipelineExecutionStatus is not (PipelineExecutionStatus.Executing or PipelineExecutionStatus.Stopping))
            {
                var registered = steps.Select(s => s.Metadata?.RegisterModel?.Arn).FirstOrDefault(a => a is not null);
                return await Ended(execution, state.PipelineExecutionStatus.ToString()!, state.FailureReason, states, registered, cancellation);
            }

            await waiting.Next(cancellation);
        }
    }

    /// <summary>What an execution came to: where it succeeded without registering, its model is a version already.</summary>
    internal async Task<EndedExecution> Ended(
        string execution, string status, string? reason, IReadOnlyList<StepState> steps, string? registered, CancellationToken cancellation)
    {
        var evaluation = Evaluation.Read(await ReadOutput(execution, Evaluation.File, cancellation));
        var existing = status == nameof(PipelineExecutionStatus.Succeeded) ? evaluation?.RegisteredAs : null;
        return new(execution, status, reason, steps, registered ?? existing, registered is not null, evaluation,
            $"s3://{names.RequireBucket()}/{OutputKey(execution, "")}");
    }

    /// <summary>Reads a JSON file that a step of an execution wrote.</summary>
    /// <param name="execution">The execution's ARN.</param>
    /// <param name="file">The file under the execution's folder, such as <c>evaluate/evaluation/evaluation.json</c>.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<JsonNode?> ReadOutput(string execution, string file, CancellationToken cancellation)
    {
        try
        {
            using var found = await session.S3.GetObjectAsync(names.RequireBucket(), OutputKey(execution, file), cancellation);
            return await JsonNode.ParseAsync(found.ResponseStream, cancellationToken: cancellation);
        }
        catch (Amazon.S3.AmazonS3Exception e) when (e.ErrorCode == "NoSuchKey")
        {
            return null;
        }
    }

    /// <summary>Where a file of an execution lies in the data bucket.</summary>
    public string OutputKey(string execution, string file)
    {
        ArgumentNullException.ThrowIfNull(execution);
        return $"pipelines/{names.Pipeline}/{execution[(execution.LastIndexOf('/') + 1)..]}/{file}";
    }

    /// <summary>How definitions are printed.</summary>
    public static JsonSerializerOptions Readable { get; } = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private string SpecificationFolder(string specification) => $"pipelines/{names.Pipeline}/specification/{DataSetSpecification.Parse(specification).Fingerprint}";

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private async Task<List<PipelineExecutionStep>> ListSteps(string execution, CancellationToken cancellation)
    {
        var steps = new List<PipelineExecutionStep>();
        string? token = null;
        do
        {
            var page = await session.Aws.Send(new ListPipelineExecutionSteps(execution, NextToken: token, SortOrder: SortOrder.Ascending), cancellation);
            steps.AddRange(page.PipelineExecutionSteps);
            token = page.NextToken;
        }
        while (token is not null);
        return steps;
    }

    private static StepState ToState(PipelineExecutionStep step) =>
        new(step.StepName, step.StepStatus.ToString()!, step.StartTime, step.EndTime, step.FailureReason, step.CacheHitResult?.SourcePipelineExecutionArn, step.AttemptCount ?? 1);
}
