using Slipway.Aws.CodePipeline;

namespace Slipway.LocalAws.CodePipeline.Executions;

/// <summary>An execution as it is kept.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Pipeline">The pipeline's name.</param>
/// <param name="Version">The pipeline's version when it started, whose structure it has to its end.</param>
/// <param name="Mode">The pipeline's mode when it started.</param>
/// <param name="Status">How it stands.</param>
/// <param name="Started">When it started.</param>
/// <param name="Updated">When it last changed.</param>
/// <param name="Trigger">What started it.</param>
internal sealed record ExecutionRow(
    string Id, string Pipeline, int Version, ExecutionMode Mode, PipelineExecutionStatus Status, DateTimeOffset Started, DateTimeOffset Updated, ExecutionTrigger Trigger)
{
    /// <summary>Its place among all executions: a later one has a greater number.</summary>
    public long Number { get; init; }

    /// <summary>The position of the stage that it is in, or waits for.</summary>
    public int Stage { get; init; }

    /// <summary>Whether it waits to enter that stage.</summary>
    public bool IsWaiting { get; init; } = true;

    /// <summary>1, and one more for each retry by hand.</summary>
    public int Attempt { get; init; } = 1;

    public IReadOnlyList<ResolvedPipelineVariable> Variables { get; init; } = [];

    /// <summary>The revisions that sources take in place of their newest.</summary>
    public IReadOnlyList<SourceRevisionOverride> SourceRevisions { get; init; } = [];

    /// <summary>The branch that a trigger saw, by the source action that takes it in place of its own.</summary>
    public IReadOnlyDictionary<string, string> Branches { get; init; } = new Dictionary<string, string>();

    /// <summary>The execution whose artifacts and variables a rollback takes; null for one that goes through all stages.</summary>
    public string? RollbackOf { get; init; }

    public string? Summary { get; init; }

    public string? StopReason { get; init; }

    public string Type => RollbackOf is null ? "STANDARD" : "ROLLBACK";

    public bool IsOver => Status is not (PipelineExecutionStatus.InProgress or PipelineExecutionStatus.Stopping);
}

/// <summary>A stage of an execution, from when it was entered.</summary>
/// <param name="Pipeline">The pipeline's name.</param>
/// <param name="Execution">The execution.</param>
/// <param name="Stage">The stage's name.</param>
/// <param name="Status">How it stands.</param>
/// <param name="Started">When it was entered.</param>
internal sealed record StageRow(string Pipeline, string Execution, string Stage, StageExecutionStatus Status, DateTimeOffset Started)
{
    /// <summary>1, and one more for each retry.</summary>
    public int Attempt { get; init; } = 1;

    /// <summary>The first attempt whose successes count: a retry of all actions starts anew.</summary>
    public int Since { get; init; } = 1;

    /// <summary>How often it was retried, by itself and by hand; the latest one's kind is AWS's word.</summary>
    public RetryStageMetadata? Retries { get; init; }
}

/// <summary>A run of an action.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Pipeline">The pipeline's name.</param>
/// <param name="Execution">The execution.</param>
/// <param name="Version">The execution's version of the pipeline.</param>
/// <param name="Stage">The stage's name.</param>
/// <param name="Action">The action's name.</param>
/// <param name="Attempt">The stage's attempt.</param>
/// <param name="Status">How it stands.</param>
/// <param name="Started">When it started.</param>
/// <param name="Updated">When its status last changed.</param>
/// <param name="Input">What it is run with.</param>
/// <param name="OutputArtifacts">The artifacts that it makes, and where each will lie: a run that a crash repeats puts them at the same places.</param>
internal sealed record ActionRow(
    string Id, string Pipeline, string Execution, int Version, string Stage, string Action, int Attempt, ActionExecutionStatus Status,
    DateTimeOffset Started, DateTimeOffset Updated, ActionExecutionInput Input, IReadOnlyList<ArtifactDetail> OutputArtifacts)
{
    /// <summary>What answers an approval; null for other actions.</summary>
    public string? Token { get; init; }

    /// <summary>When an approval is no longer waited for.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>Whether the approval's topic has been told of it.</summary>
    public bool IsNotified { get; init; }

    /// <summary>Who answered the approval.</summary>
    public string? UpdatedBy { get; init; }

    /// <summary>What came of it; of one that runs, what is known already.</summary>
    public ActionResult Result { get; init; } = new();

    /// <summary>The setting of a name, its references resolved; null where there is none.</summary>
    public string? Setting(string name) => Input.ResolvedConfiguration.GetValueOrDefault(name);
}

/// <summary>What came of an action.</summary>
internal sealed record ActionResult
{
    /// <summary>What came of it, in a person's words.</summary>
    public string? Summary { get; init; }

    /// <summary>The provider's id of it, such as a build's.</summary>
    public string? ExternalId { get; init; }

    public string? ExternalUrl { get; init; }

    public string? LogStreamArn { get; init; }

    /// <summary>Why it failed; null where it succeeded.</summary>
    public ErrorDetails? Error { get; init; }

    /// <summary>What a source took.</summary>
    public ArtifactRevision? Revision { get; init; }

    public IReadOnlyDictionary<string, string> Variables { get; init; } = new Dictionary<string, string>();

    /// <summary>A failure.</summary>
    /// <param name="code">AWS's code, such as JobFailed or ConfigurationError.</param>
    /// <param name="message">The words.</param>
    public static ActionResult Failed(string code, string message) => new() { Error = new(code, message), Summary = message };
}
