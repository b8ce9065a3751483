using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml;
using Slipway.Aws.Client;
using Slipway.Aws.SageMaker;
using Slipway.Aws.Wire;

namespace Slipway.Workflow.Pipelines;

/// <summary>A job as AWS describes it.</summary>
/// <param name="Arn">Its ARN.</param>
/// <param name="Status">How it stands.</param>
/// <param name="Reason">Why it failed, where it has.</param>
/// <param name="Ended">When it ended, where it has.</param>
/// <param name="Description">The whole description.</param>
/// <param name="IsTakenOver">Whether an earlier run made it.</param>
internal sealed record DescribedJob(string Arn, JobStatus Status, string? Reason, DateTimeOffset? Ended, JsonNode Description, bool IsTakenOver = false);

/// <summary>
/// The processing or training job of a step, without SageMaker Pipelines. The job of a step that can be cached is named
/// by its image, arguments and inputs, so that another run with the same ones finds it, even while it still runs.
/// </summary>
internal sealed class StepJob(AwsSession session, string pipeline, string runId, TimeProvider time)
{
    private const int LongestPipelineName = 32;
    private const int KeyLength = 16;

    // as in https://docs.aws.amazon.com/sagemaker/latest/dg/pipelines-default-keys.html
    private static readonly string[] KeyArguments =
        ["AppSpecification", "ProcessingInputs", "AlgorithmSpecification", "CheckpointConfig", "HyperParameters", "InputDataConfig", "Environment"];

    /// <summary>Runs the step's job to its end, or finds the one that did the same.</summary>
    /// <param name="step">The step.</param>
    /// <param name="arguments">Its arguments, without expressions.</param>
    /// <param name="cancellation">Stops following; the job goes on.</param>
    public async Task<DescribedJob> Run(JsonObject step, JsonObject arguments, CancellationToken cancellation)
    {
        var cache = step["CacheConfig"];
        var isCached = cache?["Enabled"]?.GetValue<bool>() == true;
        var oldest = isCached ? time.GetUtcNow() - XmlConvert.ToTimeSpan((string)cache!["ExpireAfter"]!) : DateTimeOffset.MinValue;
        var stem = $"{pipeline[..Math.Min(pipeline.Length, LongestPipelineName)].TrimEnd('-')}-{step["Name"]}-{(isCached ? Key(arguments) : runId)}";
        for (var attempt = 1; ; attempt++)
        {
            var name = attempt == 1 ? stem : string.Create(CultureInfo.InvariantCulture, $"{stem}-{attempt}");
            var there = await Find(step, name, cancellation);
            if (there is null)
            {
                await Create(step, name, arguments, cancellation);
                return await Follow(step, name, cancellation);
            }

            if (there.Status is JobStatus.InProgress or JobStatus.Stopping)
            {
                there = await Follow(step, name, cancellation);
            }

            if (there.Status == JobStatus.Completed && there.Ended > oldest)
            {
                return there with { IsTakenOver = true };
            }
        }
    }

    private static string Key(JsonObject arguments)
    {
        var text = new StringBuilder();
        foreach (var name in KeyArguments)
        {
            text.Append(name).Append('=').Append(arguments[name]?.ToJsonString()).Append('\n');
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())))[..KeyLength];
    }

    private async Task<DescribedJob> Follow(JsonObject step, string name, CancellationToken cancellation)
    {
        var waiting = new Waiting(time);
        while (true)
        {
            var job = await Find(step, name, cancellation) ?? throw new WorkflowException($"The job {name} is gone.");
            if (job.Status is not (JobStatus.InProgress or JobStatus.Stopping))
            {
                return job;
            }

            await waiting.Next(cancellation);
        }
    }

    private async Task Create(JsonObject step, string name, JsonObject arguments, CancellationToken cancellation)
    {
        var request = (JsonObject)arguments.DeepClone();
        request[IsTraining(step) ? nameof(CreateTrainingJob.TrainingJobName) : nameof(CreateProcessingJob.ProcessingJobName)] = name;
        try
        {
            if (IsTraining(step))
            {
                await session.Aws.Send(request.Deserialize<CreateTrainingJob>(AwsJson.Lenient)!, cancellation);
            }
            else
            {
                await session.Aws.Send(request.Deserialize<CreateProcessingJob>(AwsJson.Lenient)!, cancellation);
            }
        }
        catch (AwsException e) when (e.Code == "ResourceInUse")
        {
            // another run of the same has made it a moment ago
        }
    }

    private async Task<DescribedJob?> Find(JsonObject step, string name, CancellationToken cancellation)
    {
        try
        {
            if (IsTraining(step))
            {
                var training = await session.Aws.Send(new DescribeTrainingJob(name), cancellation);
                return new(training.TrainingJobArn, training.TrainingJobStatus, training.FailureReason, training.TrainingEndTime, Json(training));
            }

            var processing = await session.Aws.Send(new DescribeProcessingJob(name), cancellation);
            return new(
                processing.ProcessingJobArn, processing.ProcessingJobStatus, processing.ExitMessage ?? processing.FailureReason,
                processing.ProcessingEndTime, Json(processing));
        }
        catch (AwsException e) when (e.Code is "ValidationException" or "ResourceNotFound")
        {
            return null;
        }
    }

    private static bool IsTraining(JsonObject step) => (string)step["Type"]! == "Training";

    private static JsonNode Json<T>(T description) => JsonSerializer.SerializeToNode(description, AwsJson.Lenient)!;
}
