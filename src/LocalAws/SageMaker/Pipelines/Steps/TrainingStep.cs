using System.Text.Json;
using Slipway.Aws.SageMaker;
using Slipway.LocalAws.SageMaker.Pipelines.Definitions;
using Slipway.LocalAws.Storage;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.SageMaker.Pipelines.Steps;

/// <summary>Runs a training job: https://docs.aws.amazon.com/sagemaker/latest/dg/build-and-manage-steps-types.html#step-type-training</summary>
internal sealed class TrainingStep(Operations operations, Changes changes) : JobStep(operations, changes)
{
    public override string Name => "Training";

    /// <summary>As in https://docs.aws.amazon.com/sagemaker/latest/dg/pipelines-default-keys.html</summary>
    public override IReadOnlyList<string> CachedArguments { get; } =
        ["AlgorithmSpecification", "CheckpointConfig", "DebugHookConfig", "DebugRuleConfigurations", "Environment", "HyperParameters", "InputDataConfig"];

    protected override string Job => "TrainingJob";

    protected override PipelineExecutionStepMetadata Metadata(string arn) => new(TrainingJob: new(arn));

    protected override string? WhyStopped(JsonElement job) =>
        job.GetProperty("SecondaryStatusTransitions").EnumerateArray().LastOrDefault() is { ValueKind: JsonValueKind.Object } last ? last.GetProperty("StatusMessage").GetString() : null;

    protected override void RefuseUnsupported(JsonElement arguments, string where) =>
        TrainingJobChecks.RefuseUnsupported(KnownArguments.Of<CreateTrainingJob>(arguments, where));
}
