using Slipway.Aws.Wire;

namespace Slipway.Aws.CodePipeline;

/// <summary>The two kinds of pipelines: https://docs.aws.amazon.com/codepipeline/latest/userguide/pipeline-types.html</summary>
public enum PipelineType
{
    /// <summary>The older kind: no variables, triggers, modes but SUPERSEDED, or conditions.</summary>
    V1,

    /// <summary>The kind with all of them.</summary>
    V2,
}

/// <summary>What becomes of executions that are under way together: https://docs.aws.amazon.com/codepipeline/latest/userguide/concepts-how-it-works.html</summary>
public enum ExecutionMode
{
    /// <summary>The newest that waits before a stage takes the place of the older ones that wait there.</summary>
    SUPERSEDED,

    /// <summary>One after the other, in the order of their start.</summary>
    QUEUED,

    /// <summary>All at once, none waiting for another.</summary>
    PARALLEL,
}

/// <summary>A pipeline's structure: https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_PipelineDeclaration.html</summary>
/// <param name="Name">The pipeline's name.</param>
/// <param name="RoleArn">The role that it acts as.</param>
/// <param name="Stages">Its stages in their order; the first has the sources.</param>
/// <param name="ArtifactStore">Where its artifacts lie; this or <paramref name="ArtifactStores"/>.</param>
/// <param name="ArtifactStores">Where they lie by region.</param>
/// <param name="Version">Goes up with each update; what a request says is not looked at.</param>
/// <param name="ExecutionMode">What becomes of executions that are under way together; absent: SUPERSEDED.</param>
/// <param name="PipelineType">Absent: V1.</param>
/// <param name="Variables">Values that an execution starts with.</param>
/// <param name="Triggers">What of a source starts it.</param>
public sealed record PipelineDeclaration(
    [Length(1, Forms.LongestName), Pattern(Forms.Name)] string Name,
    [Length(0, 1024), Pattern(Forms.RoleArn)] string RoleArn,
    IReadOnlyList<StageDeclaration> Stages,
    ArtifactStore? ArtifactStore = null,
    IReadOnlyDictionary<string, ArtifactStore>? ArtifactStores = null,
    [Range(1, int.MaxValue)] int? Version = null,
    ExecutionMode? ExecutionMode = null,
    PipelineType? PipelineType = null,
    [Length(0, 50)] IReadOnlyList<PipelineVariableDeclaration>? Variables = null,
    [Length(0, 50)] IReadOnlyList<PipelineTriggerDeclaration>? Triggers = null);

/// <summary>The bucket of a pipeline's artifacts.</summary>
/// <param name="Type">S3.</param>
/// <param name="Location">The bucket's name.</param>
/// <param name="EncryptionKey">The KMS key that encrypts the artifacts; null: as the bucket says.</param>
public sealed record ArtifactStore(
    [OneOf("S3")] string Type, [Length(3, 63), Pattern(@"[a-zA-Z0-9\-\.]+")] string Location, EncryptionKey? EncryptionKey = null);

/// <summary>A KMS key by its id, ARN or alias ARN.</summary>
public sealed record EncryptionKey([Length(1, 400)] string Id, [OneOf("KMS")] string Type);

/// <summary>A value that an execution starts with.</summary>
/// <param name="Name">Its name, in <c>#{variables.NAME}</c>.</param>
/// <param name="DefaultValue">Its value where a start gives none; a variable without one must be given.</param>
/// <param name="Description">What it is for.</param>
public sealed record PipelineVariableDeclaration(
    [Length(1, 128), Pattern(Forms.Variable)] string Name, [Length(1, 1000)] string? DefaultValue = null, [Length(0, 200)] string? Description = null);

/// <summary>A stage: https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_StageDeclaration.html</summary>
/// <param name="Name">Its name, unique in the pipeline.</param>
/// <param name="Actions">Its actions; those of one run order run side by side.</param>
/// <param name="Blockers">Reserved by AWS.</param>
/// <param name="OnFailure">What follows where it fails.</param>
/// <param name="OnSuccess">Conditions on its success.</param>
/// <param name="BeforeEntry">Conditions on entering it.</param>
public sealed record StageDeclaration(
    [Length(1, Forms.LongestName), Pattern(Forms.Name)] string Name,
    IReadOnlyList<ActionDeclaration> Actions,
    IReadOnlyList<BlockerDeclaration>? Blockers = null,
    FailureConditions? OnFailure = null,
    SuccessConditions? OnSuccess = null,
    BeforeEntryConditions? BeforeEntry = null);

/// <summary>Reserved by AWS.</summary>
public sealed record BlockerDeclaration([Length(1, 100)] string Name, [OneOf("Schedule")] string Type);
