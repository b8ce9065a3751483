using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Aws.SageMaker;
using Slipway.Aws.Wire;
using Slipway.LocalAws.SageMaker.Pipelines.Executions;
using Slipway.LocalAws.Storage;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.SageMaker.Pipelines.Steps;

/// <summary>A step that runs a job to its end, and stops it where the execution is to stop.</summary>
internal abstract class JobStep(Operations operations, Changes changes) : OperationStep(operations)
{
    /// <summary>The kind of job as in its operations and members, such as <c>ProcessingJob</c>.</summary>
    protected abstract string Job { get; }

    protected override string CreateOperation => $"Create{Job}";

    protected override string DescribeOperation => $"Describe{Job}";

    protected override string NameMember => $"{Job}Name";

    /// <summary>What ListPipelineExecutionSteps shows of a job.</summary>
    protected abstract PipelineExecutionStepMetadata Metadata(string arn);

    public override async Task<StepResult> Run(StepAttempt attempt, CancellationToken shutdown)
    {
        var request = attempt.Request();
        var name = attempt.ResourceName(request[NameMember]?.GetValue<string>());
        var job = attempt.IsResumed ? await Find(attempt, name, shutdown) : null;
        if (job is null)
        {
            if (attempt.StopRequested.IsCancellationRequested)
            {
                return new(StepStatus.Stopped);
            }

            request[NameMember] = name;
            job = await Create(attempt, request, shutdown);
        }

        var arn = job.Value.GetProperty($"{Job}Arn").GetString()!;
        attempt.Executing(Metadata(arn));
        return await Follow(attempt, name, arn, shutdown);
    }

    private async Task<StepResult> Follow(StepAttempt attempt, string name, string arn, CancellationToken shutdown)
    {
        var stop = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = attempt.StopRequested.Register(stop.SetResult);
        var stopped = false;
        while (true)
        {
            var changed = changes.Next(arn);
            var job = await Describe(attempt, name, shutdown);
            if (Result(job, arn, attempt.StopRequested.IsCancellationRequested) is { } result)
            {
                return result;
            }

            if (stop.Task.IsCompleted && !stopped)
            {
                stopped = true;
                await Stop(attempt, name, shutdown);
                continue;
            }

            await Task.WhenAny(stopped ? [changed] : [changed, stop.Task]).WaitAsync(shutdown);
        }
    }

    private async Task Stop(StepAttempt attempt, string name, CancellationToken shutdown)
    {
        try
        {
            await Call($"Stop{Job}", attempt, new JsonObject { [NameMember] = name }, shutdown);
        }
        catch (AwsException e) when (e.Code == "ValidationException")
        {
            // the job has ended meanwhile; what it is described as next says how
        }
    }

    private StepResult? Result(JsonElement job, string arn, bool stopRequested) => job.GetProperty($"{Job}Status").GetString() switch
    {
        "Completed" => new(StepStatus.Succeeded, Metadata(arn), job),
        "Stopped" when stopRequested => new(StepStatus.Stopped, Metadata(arn), job),
        "Stopped" => StepResult.Failed($"ClientError: The job {arn} was stopped. {WhyStopped(job)}".TrimEnd(), Metadata(arn)),
        "Failed" => Failure(job.TryGetProperty("FailureReason", out var reason) ? reason.GetString()! : "", arn),
        _ => null,
    };

    /// <summary>What a job that was stopped says of it, such as that its time was over.</summary>
    protected abstract string? WhyStopped(JsonElement job);

    // jobs here wait where AWS's fail for want of capacity, so that is no reason
    private StepResult Failure(string reason, string arn) => StepResult.Failed(
        $"ClientError: {reason}", Metadata(arn), reason.StartsWith("InternalServerError", StringComparison.Ordinal) ? "SageMaker.JOB_INTERNAL_ERROR" : null);
}
