using System.Text.Json;
using Slipway.Aws.SageMaker;
using Slipway.LocalAws.SageMaker.Models;
using Slipway.LocalAws.SageMaker.Pipelines.Definitions;
using Slipway.LocalAws.SageMaker.Pipelines.Executions;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.SageMaker.Pipelines.Steps;

/// <summary>Makes a model: https://docs.aws.amazon.com/sagemaker/latest/dg/build-and-manage-steps-types.html#step-type-create-model</summary>
internal sealed class ModelStep(Operations operations) : OperationStep(operations)
{
    public override string Name => "Model";

    protected override string CreateOperation => "CreateModel";

    protected override string DescribeOperation => "DescribeModel";

    protected override string NameMember => "ModelName";

    protected override void RefuseUnsupported(JsonElement arguments, string where) =>
        ModelStore.RefuseUnsupported(KnownArguments.Of<CreateModel>(arguments, where));

    public override async Task<StepResult> Run(StepAttempt attempt, CancellationToken shutdown)
    {
        var request = attempt.Request();
        var name = attempt.ResourceName(request[NameMember]?.GetValue<string>());
        if (!attempt.IsResumed || await Find(attempt, name, shutdown) is null)
        {
            request[NameMember] = name;
            await Create(attempt, request, shutdown);
        }

        var model = await Describe(attempt, name, shutdown);
        return new(StepStatus.Succeeded, new(Model: new(model.GetProperty("ModelArn").GetString())), model);
    }
}
