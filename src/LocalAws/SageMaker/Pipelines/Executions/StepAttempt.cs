using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Aws.SageMaker;
using Slipway.LocalAws.SageMaker.Pipelines.Definitions;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.SageMaker.Pipelines.Executions;

/// <summary>One attempt of a step, as its type sees it.</summary>
internal sealed class StepAttempt
{
    private const int LongestName = 63;
    private const string Letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

    /// <summary>The step.</summary>
    public required PipelineStep Step { get; init; }

    /// <summary>Its own arguments, every expression's value in place.</summary>
    public required JsonElement Arguments { get; init; }

    /// <summary>The execution that it belongs to.</summary>
    public required ExecutionRow Execution { get; init; }

    /// <summary>The attempt's number in this round, from 1.</summary>
    public required int Number { get; init; }

    /// <summary>Whether it may have acted before: local AWS ended while it ran.</summary>
    public required bool IsResumed { get; init; }

    /// <summary>Who asks for what the step does: the pipeline.</summary>
    public required Caller Caller { get; init; }

    /// <summary>Cancelled when the execution is to stop.</summary>
    public required CancellationToken StopRequested { get; init; }

    /// <summary>Says that what the step started is running.</summary>
    public required Action<PipelineExecutionStepMetadata> Executing { get; init; }

    /// <summary>The arguments as a request that can be added to.</summary>
    public JsonObject Request() => JsonObject.Create(Arguments)!;

    /// <summary>
    /// The name of what this attempt starts: the same whenever it is asked for, so that an attempt taken up after a
    /// crash finds what it has started, and another than that of any other attempt.
    /// </summary>
    /// <param name="prefix">A prefix of the definition's own, or null for SageMaker's.</param>
    public string ResourceName(string? prefix)
    {
        var suffix = Derived(10);
        var start = prefix is null ? $"pipelines-{Execution.Id}-{Step.Name.Replace('_', '-')}" : $"{prefix}-{Execution.Id}";
        var most = LongestName - suffix.Length - 1;
        return $"{(start.Length > most ? start[..most] : start).TrimEnd('-')}-{suffix}";
    }

    /// <summary>A token of this attempt for operations that take one, the same whenever it is asked for.</summary>
    public string ClientToken() => Derived(36);

    /// <summary>The token that answers this attempt of a callback step, the same whenever it is asked for.</summary>
    public string CallbackToken() => Derived(10);

    private string Derived(int length)
    {
        var hash = SHA512.HashData(Encoding.UTF8.GetBytes($"{Execution.Id}/{Step.Name}/{Execution.Round}/{Number}"));
        return string.Concat(hash.Take(length).Select(b => Letters[b % Letters.Length]));
    }
}
