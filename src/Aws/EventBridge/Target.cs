using Slipway.Aws.Wire;

namespace Slipway.Aws.EventBridge;

/// <summary>Values of an event, and the text that they are put into: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_InputTransformer.html</summary>
public sealed record InputTransformer([Length(1, 8192)] string InputTemplate, [Length(0, 100)] IReadOnlyDictionary<string, string>? InputPathsMap = null);

/// <summary>A parameter of a pipeline that a rule starts.</summary>
public sealed record SageMakerPipelineParameter(
    [Length(1, 256), Pattern("^[a-zA-Z0-9](-*[a-zA-Z0-9])*$")] string Name, [Length(0, 1024)] string Value);

/// <summary>The parameters with which a rule starts a pipeline: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_SageMakerPipelineParameters.html</summary>
public sealed record SageMakerPipelineParameters([Length(0, 200)] IReadOnlyList<SageMakerPipelineParameter>? PipelineParameterList = null);

/// <summary>How often and how long a delivery that fails is tried again: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_RetryPolicy.html</summary>
public sealed record RetryPolicy([Range(0, 185)] int? MaximumRetryAttempts = null, [Range(60, 86400)] int? MaximumEventAgeInSeconds = null);

/// <summary>What a rule hands its events to: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_Target.html</summary>
public sealed record Target(
    [Length(1, 64), Pattern(@"[\.\-_A-Za-z0-9]+")] string Id,
    [Length(1, 1600)] string Arn,
    [Length(1, 1600)] string? RoleArn = null,
    [Length(0, 8192)] string? Input = null,
    [Length(0, 256)] string? InputPath = null,
    InputTransformer? InputTransformer = null,
    SageMakerPipelineParameters? SageMakerPipelineParameters = null,
    RetryPolicy? RetryPolicy = null);

/// <summary>A target that was not put or removed.</summary>
public sealed record FailedTarget(string TargetId, string ErrorCode, string ErrorMessage);

/// <summary>Adds or changes targets of a rule: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutTargets.html</summary>
public sealed record PutTargets(
    [Length(1, 64), Pattern(@"[\.\-_A-Za-z0-9]+")] string Rule,
    [Length(1, 100)] IReadOnlyList<Target> Targets,
    [Length(1, 1600), Pattern(EventBusNames.NameOrArn)] string? EventBusName = null) : IAwsRequest<PutTargets.Response>
{
    /// <summary>How many targets were not put, and why.</summary>
    public sealed record Response(int FailedEntryCount, IReadOnlyList<FailedTarget> FailedEntries);
}

/// <summary>Removes targets of a rule: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_RemoveTargets.html</summary>
public sealed record RemoveTargets(
    [Length(1, 64), Pattern(@"[\.\-_A-Za-z0-9]+")] string Rule,
    [Length(1, 100)] IReadOnlyList<string> Ids,
    [Length(1, 1600), Pattern(EventBusNames.NameOrArn)] string? EventBusName = null,
    bool? Force = null) : IAwsRequest<RemoveTargets.Response>
{
    /// <summary>How many targets were not removed, and why.</summary>
    public sealed record Response(int FailedEntryCount, IReadOnlyList<FailedTarget> FailedEntries);
}

/// <summary>The targets of a rule: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_ListTargetsByRule.html</summary>
public sealed record ListTargetsByRule(
    [Length(1, 64), Pattern(@"[\.\-_A-Za-z0-9]+")] string Rule,
    [Length(1, 1600), Pattern(EventBusNames.NameOrArn)] string? EventBusName = null,
    [Length(1, 2048)] string? NextToken = null,
    [Range(1, 100)] int? Limit = null) : IAwsRequest<ListTargetsByRule.Response>
{
    /// <summary>A page of targets in the order of their ids.</summary>
    public sealed record Response(IReadOnlyList<Target> Targets, string? NextToken = null);
}

/// <summary>The rules that have a target: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_ListRuleNamesByTarget.html</summary>
public sealed record ListRuleNamesByTarget(
    [Length(1, 1600)] string TargetArn,
    [Length(1, 1600), Pattern(EventBusNames.NameOrArn)] string? EventBusName = null,
    [Length(1, 2048)] string? NextToken = null,
    [Range(1, 100)] int? Limit = null) : IAwsRequest<ListRuleNamesByTarget.Response>
{
    /// <summary>A page of rules' names.</summary>
    public sealed record Response(IReadOnlyList<string> RuleNames, string? NextToken = null);
}
