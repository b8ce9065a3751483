using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Slipway.Aws.SageMaker;
using Slipway.Aws.Wire;
using Slipway.LocalAws.SageMaker.Pipelines.Definitions;
using Slipway.LocalAws.SageMaker.Pipelines.Steps;
using Slipway.LocalAws.Storage;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.SageMaker.Pipelines.Executions;

/// <summary>A step that is to start, or to go on where <paramref name="Row"/> says how far it had come.</summary>
internal sealed record StepStart(
    PipelineStep Step, StepRow? Row, int Ordinal, ExecutionRow Execution, Scope Scope, ExecutionRun Run, CancellationToken StopRequested);

/// <summary>Runs one step: its arguments' values, its cache, its attempts.</summary>
internal sealed class StepRunner(LocalAwsOptions options, ExecutionStore store, ServerLog log, TimeProvider time)
{
    private const int LongestReason = 1024;
    private const string ServiceFault = "Step.SERVICE_FAULT";

    /// <summary>Reads JSON that was written here.</summary>
    public static JsonElement Parse(string json) => JsonSerializer.Deserialize<JsonElement>(json);

    /// <summary>Runs a step to its end; returns without one where local AWS ends first.</summary>
    public async Task Run(StepStart start, CancellationToken shutdown)
    {
        var row = start.Row ?? new StepRow(start.Step.Name, start.Ordinal, StepStatus.Starting, 1, time.GetUtcNow());
        StepResult result;
        try
        {
            if (row.Arguments is null)
            {
                row = await Prepare(row, start, shutdown);
                if (row.IsOver)
                {
                    start.Run.Update(row);
                    return;
                }
            }

            (row, result) = await RunAttempts(row, start, shutdown);
        }
        catch (OperationCanceledException) when (shutdown.IsCancellationRequested)
        {
            return;
        }
        catch (AwsException e)
        {
            result = StepResult.Failed(e.Message);
        }
        catch (Exception e)
        {
            result = Broken(start, e);
        }

        start.Run.Update(Ended(row, result));
    }

    /// <summary>Finds the values of the arguments, and in the cache the result; what is neither cached nor harmless to repeat is durable before it starts.</summary>
    private async Task<StepRow> Prepare(StepRow row, StepStart start, CancellationToken shutdown)
    {
        var type = start.Step.Type;
        var arguments = await start.Scope.Resolve(type.OwnArguments(start.Step.Arguments), shutdown);
        row = row with { Arguments = arguments.GetRawText() };
        if (start.Step.Cache is { } cache)
        {
            var key = CacheKey(start, arguments);
            if (store.FindCached(key, cache.ExpireAfter is { } age ? time.GetUtcNow() - age : null) is var (source, hit))
            {
                return row with { Status = StepStatus.Succeeded, Ended = time.GetUtcNow(), Metadata = hit.Metadata, Properties = hit.Properties, CacheSource = source };
            }

            row = row with { CacheKey = key };
        }

        if (type.ActsOutside)
        {
            await start.Run.Commit(row, shutdown);
        }

        return row;
    }

    private async Task<(StepRow Row, StepResult Result)> RunAttempts(StepRow row, StepStart start, CancellationToken shutdown)
    {
        for (var resumed = start.Row is not null; ; resumed = false)
        {
            if (row.RetryAt is not null && !await Wait(StepRetries.Remaining(start.Step, row, time.GetUtcNow()), start.StopRequested, shutdown))
            {
                return (row, new(StepStatus.Stopped, row.Metadata));
            }

            var current = row;
            var result = await RunAttempt(Attempt(row, start, resumed, Executing), start, shutdown);
            row = current;
            if (result.Status != StepStatus.Failed || StepRetries.Delay(start.Step, row, result, time.GetUtcNow()) is not { } delay)
            {
                return (row, result);
            }

            log.Write($"{start.Execution.Facts.Arn} step {start.Step.Name}: attempt {row.Attempt} failed ({result.ExceptionType}): {result.FailureReason} The next begins in {delay}.");
            row = row with { Attempt = row.Attempt + 1, RetryAt = time.GetUtcNow() + delay, FailureReason = null };
            await start.Run.Commit(row, shutdown);

            void Executing(PipelineExecutionStepMetadata metadata)
            {
                current = current with { Status = StepStatus.Executing, Metadata = metadata };
                start.Run.Update(current);
            }
        }
    }

    private async Task<StepResult> RunAttempt(StepAttempt attempt, StepStart start, CancellationToken shutdown)
    {
        try
        {
            return await attempt.Step.Type.Run(attempt, shutdown);
        }
        catch (AwsException e)
        {
            var kind = e.Code switch
            {
                // trying again doesn't make local AWS have what it does not have
                "NotImplemented" => null,
                _ when (int)e.Status >= 500 => ServiceFault,
                "ResourceLimitExceeded" => "SageMaker.RESOURCE_LIMIT",
                _ => null,
            };
            return StepResult.Failed($"ClientError: {e.Message}", exceptionType: kind);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return Broken(start, e);
        }
    }

    /// <summary>Local AWS itself failed on a step.</summary>
    private StepResult Broken(StepStart start, Exception e)
    {
        log.Write($"{start.Execution.Facts.Arn} step {start.Step.Name}: {e}");
        var why = StorageFailure.Explain(e, options.DataDirectory) ?? "local AWS failed on this step. Its log has the cause under the execution's ARN.";
        return StepResult.Failed($"InternalServerError: {why}", exceptionType: ServiceFault);
    }

    /// <summary>Waits; false where the execution is to stop first.</summary>
    private async Task<bool> Wait(TimeSpan delay, CancellationToken stop, CancellationToken shutdown)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, shutdown);
        try
        {
            await Task.Delay(delay, time, either.Token);
            return true;
        }
        catch (OperationCanceledException) when (!shutdown.IsCancellationRequested)
        {
            return false;
        }
    }

    private StepRow Ended(StepRow row, StepResult result) => row with
    {
        Status = result.Status,
        Ended = time.GetUtcNow(),
        RetryAt = null,
        Metadata = result.Metadata ?? row.Metadata,
        Properties = result.Properties?.GetRawText(),
        FailureReason = result.FailureReason is { Length: > LongestReason } reason ? reason[..LongestReason] : result.FailureReason,
    };

    private StepAttempt Attempt(StepRow row, StepStart start, bool resumed, Action<PipelineExecutionStepMetadata> executing) => new()
    {
        Step = start.Step,
        Arguments = Parse(row.Arguments!),
        Execution = start.Execution,
        Number = row.Attempt,
        IsResumed = resumed,
        Caller = new(options.AccountId, start.Execution.Facts.Region, "", Guid.NewGuid().ToString()),
        StopRequested = start.StopRequested,
        Executing = executing,
    };

    private static string CacheKey(StepStart start, JsonElement arguments)
    {
        var text = new StringBuilder($"{start.Execution.Pipeline}\n{start.Step.Name}\n{start.Step.Type.Name}\n");
        foreach (var name in start.Step.Type.CachedArguments)
        {
            text.Append(name).Append('=').Append(arguments.TryGetProperty(name, out var value) ? value.GetRawText() : "").Append('\n');
        }

        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }
}
