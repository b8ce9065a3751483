using System.Text.Json;
using Slipway.Aws.SageMaker;
using Slipway.LocalAws.SageMaker.Pipelines.Definitions;
using Slipway.LocalAws.Storage;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.SageMaker.Pipelines.Steps;

/// <summary>Runs a processing job: https://docs.aws.amazon.com/sagemaker/latest/dg/build-and-manage-steps-types.html#step-type-processing</summary>
internal sealed class ProcessingStep(Operations operations, Changes changes) : JobStep(operations, changes)
{
    public override string Name => "Processing";

    public override bool TakesPropertyFiles => true;

    /// <summary>As in https://docs.aws.amazon.com/sagemaker/latest/dg/pipelines-default-keys.html</summary>
    public override IReadOnlyList<string> CachedArguments { get; } = ["AppSpecification", "Environment", "ProcessingInputs"];

    protected override string Job => "ProcessingJob";

    protected override PipelineExecutionStepMetadata Metadata(string arn) => new(ProcessingJob: new(arn));

    protected override string? WhyStopped(JsonElement job) => job.TryGetProperty("ExitMessage", out var message) ? message.GetString() : null;

    protected override void RefuseUnsupported(JsonElement arguments, string where) =>
        ProcessingJobChecks.RefuseUnsupported(KnownArguments.Of<CreateProcessingJob>(arguments, where));
}
