using Slipway.Aws.Wire;

namespace Slipway.Aws.CodePipeline;

/// <summary>Lets executions enter or leave a stage: https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_EnableStageTransition.html</summary>
public sealed record EnableStageTransition(
    [Length(1, Forms.LongestName), Pattern(Forms.Name)] string PipelineName,
    [Length(1, Forms.LongestName), Pattern(Forms.Name)] string StageName,
    [OneOf("Inbound", "Outbound")] string TransitionType) : IAwsRequest<EmptyResponse>;

/// <summary>Keeps executions from entering or leaving a stage: https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_DisableStageTransition.html</summary>
public sealed record DisableStageTransition(
    [Length(1, Forms.LongestName), Pattern(Forms.Name)] string PipelineName,
    [Length(1, Forms.LongestName), Pattern(Forms.Name)] string StageName,
    [OneOf("Inbound", "Outbound")] string TransitionType,
    [Length(1, 300), Pattern(@"[a-zA-Z0-9!@ \(\)\.\*\?\-]+")] string Reason) : IAwsRequest<EmptyResponse>;
