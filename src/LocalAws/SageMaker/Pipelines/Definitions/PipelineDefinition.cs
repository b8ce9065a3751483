using System.Text.Json;
using Slipway.LocalAws.SageMaker.Pipelines.Steps;

namespace Slipway.LocalAws.SageMaker.Pipelines.Definitions;

/// <summary>The type of a pipeline's parameter, and of any other value that an argument takes.</summary>
internal enum ValueKind
{
    String,
    Integer,
    Float,
    Boolean,
}

/// <summary>A parameter of a pipeline.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">Its type.</param>
/// <param name="Default">The value where an execution gives none, or null: then it must.</param>
/// <param name="Allowed">The only values that it takes; empty for any.</param>
internal sealed record PipelineParameter(string Name, ValueKind Kind, JsonElement? Default, IReadOnlyList<string> Allowed);

/// <summary>A JSON file in a processing step's output that Std:JsonGet reads.</summary>
internal sealed record PropertyFile(string PropertyFileName, string OutputName, string FilePath);

/// <summary>How long a step's result stands in for running it again.</summary>
/// <param name="ExpireAfter">The age from which it does not, or null for never.</param>
internal sealed record CacheConfig(TimeSpan? ExpireAfter);

/// <summary>When a failed attempt of a step is repeated: https://docs.aws.amazon.com/sagemaker/latest/dg/pipelines-retry-policy.html</summary>
internal sealed record RetryPolicy(IReadOnlyList<string> ExceptionType, int IntervalSeconds, double BackoffRate, int? MaxAttempts, int? ExpireAfterMin);

/// <summary>The branch of a condition step that a step stands in.</summary>
internal sealed record StepBranch(string Condition, bool If);

/// <summary>A step of a pipeline's definition; steps of a condition's branches stand in the same list as all others.</summary>
internal sealed record PipelineStep
{
    /// <summary>Its name, unique in the pipeline.</summary>
    public required string Name { get; init; }

    /// <summary>Its type.</summary>
    public required StepType Type { get; init; }

    /// <summary>Its place in the definition, such as <c>Steps[3] 'Tune'</c>.</summary>
    public required string Where { get; init; }

    /// <summary>Its arguments, expressions included; with the members that its type alone has, where there are such.</summary>
    public required JsonElement Arguments { get; init; }

    /// <summary>The place of its arguments.</summary>
    public string ArgumentsWhere => Type.OwnMembers.Count > 0 ? Where : Where + ".Arguments";

    /// <summary>What it names in DependsOn.</summary>
    public required IReadOnlyList<string> DependsOn { get; init; }

    public string? DisplayName { get; init; }

    public string? Description { get; init; }

    public IReadOnlyList<PropertyFile> PropertyFiles { get; init; } = [];

    /// <summary>Null where caching is off.</summary>
    public CacheConfig? Cache { get; init; }

    public IReadOnlyList<RetryPolicy> RetryPolicies { get; init; } = [];

    /// <summary>The branch that it stands in, or null for a step of the pipeline itself.</summary>
    public StepBranch? Branch { get; init; }

    /// <summary>Every step that must have succeeded before it: DependsOn, references, and its branch's condition.</summary>
    public IReadOnlySet<string> Needs { get; init; } = new HashSet<string>();
}

/// <summary>A pipeline's definition that local AWS can run in full.</summary>
/// <param name="Parameters">Its parameters.</param>
/// <param name="ExperimentConfig">The experiment that its executions belong to, expressions included, or null.</param>
/// <param name="Steps">All steps, those of branches after their condition.</param>
internal sealed record PipelineDefinition(IReadOnlyList<PipelineParameter> Parameters, JsonElement? ExperimentConfig, IReadOnlyList<PipelineStep> Steps);
