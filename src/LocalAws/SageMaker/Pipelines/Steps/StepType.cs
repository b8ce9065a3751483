using System.Text.Json;
using Slipway.Aws.SageMaker;
using Slipway.LocalAws.SageMaker.Pipelines.Definitions;
using Slipway.LocalAws.SageMaker.Pipelines.Executions;

namespace Slipway.LocalAws.SageMaker.Pipelines.Steps;

/// <summary>How an attempt of a step ended.</summary>
/// <param name="Status">Succeeded, Failed or Stopped.</param>
/// <param name="Metadata">What ListPipelineExecutionSteps shows of it.</param>
/// <param name="Properties">What describing the step's resource answers: the values of references to it.</param>
/// <param name="FailureReason">Why it failed.</param>
/// <param name="ExceptionType">What a retry policy calls the failure, or null where none does.</param>
internal sealed record StepResult(
    StepStatus Status, PipelineExecutionStepMetadata? Metadata = null, JsonElement? Properties = null, string? FailureReason = null, string? ExceptionType = null)
{
    public static StepResult Failed(string reason, PipelineExecutionStepMetadata? metadata = null, string? exceptionType = null) =>
        new(StepStatus.Failed, metadata, FailureReason: reason, ExceptionType: exceptionType);
}

/// <summary>
/// A type of step. A class of its own is all that a new type takes: it is found by being one. It is a part of local
/// AWS, so its constructor asks for what it needs.
/// </summary>
internal abstract class StepType
{
    /// <summary>The type's name in a definition.</summary>
    public abstract string Name { get; }

    /// <summary>The members of <c>Arguments</c> whose change makes the step run again; empty where results are never reused.</summary>
    public virtual IReadOnlyList<string> CachedArguments => [];

    /// <summary>Whether a step of this type takes retry policies.</summary>
    public virtual bool TakesRetryPolicies => false;

    /// <summary>Whether a step of this type takes property files.</summary>
    public virtual bool TakesPropertyFiles => false;

    /// <summary>Whether an attempt acts on something outside, so that its start must be durable before it does.</summary>
    public virtual bool ActsOutside => true;

    /// <summary>
    /// The members that such a step has beside those of every step. They and <c>Arguments</c> are then together what
    /// the step's arguments are here, each under its name.
    /// </summary>
    public virtual IReadOnlyList<string> OwnMembers => [];

    /// <summary>The record whose members references to such a step name, or null where there are none.</summary>
    public abstract Type? Properties { get; }

    /// <summary>The type of what a reference to a step finds, or null where the step has no such property.</summary>
    public virtual Type? TypeOf(PipelineStep step, ValuePath path) => Properties is { } record ? path.TypeIn(record) : null;

    /// <summary>The steps of the two branches, for a type that has them.</summary>
    public virtual (JsonElement? If, JsonElement? Else) Branches(JsonElement arguments) => (null, null);

    /// <summary>The part of the arguments that this step itself, and not a step of its branches, evaluates.</summary>
    public virtual JsonElement OwnArguments(JsonElement arguments) => arguments;

    /// <summary>Checks the arguments of a step when its pipeline is created.</summary>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="where">Their place.</param>
    /// <param name="kinds">The types of the expressions in them.</param>
    public abstract void Check(JsonElement arguments, string where, ExpressionKinds kinds);

    /// <summary>Runs one attempt to its end. What it starts outside it finds again by the attempt's name.</summary>
    /// <param name="attempt">The step and its arguments with every expression's value in place.</param>
    /// <param name="shutdown">Local AWS ends: leave everything as it is, to be taken up again.</param>
    public abstract Task<StepResult> Run(StepAttempt attempt, CancellationToken shutdown);
}
