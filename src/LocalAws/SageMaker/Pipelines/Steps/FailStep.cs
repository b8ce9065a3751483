using System.Text.Json;
using Slipway.LocalAws.SageMaker.Pipelines.Definitions;
using Slipway.LocalAws.SageMaker.Pipelines.Executions;

namespace Slipway.LocalAws.SageMaker.Pipelines.Steps;

/// <summary>Ends the execution as failed with a message: https://docs.aws.amazon.com/sagemaker/latest/dg/build-and-manage-steps-types.html#step-type-fail</summary>
internal sealed class FailStep : StepType
{
    public override string Name => "Fail";

    public override bool ActsOutside => false;

    public override Type? Properties => null;

    public override void Check(JsonElement arguments, string where, ExpressionKinds kinds) => kinds.Check(arguments, typeof(Request), where);

    public override Task<StepResult> Run(StepAttempt attempt, CancellationToken shutdown)
    {
        var message = attempt.Arguments.TryGetProperty("ErrorMessage", out var given) ? given.GetString()! : "";
        return Task.FromResult(StepResult.Failed(message, new(Fail: new(message))));
    }

    /// <summary>The arguments of a fail step.</summary>
    internal sealed record Request(string? ErrorMessage = null);
}
