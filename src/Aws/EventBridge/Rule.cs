using Slipway.Aws.Wire;

namespace Slipway.Aws.EventBridge;

/// <summary>A tag of a rule.</summary>
public sealed record Tag([Length(1, 128)] string Key, [Length(0, 256)] string Value);

/// <summary>A rule of an event bus: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_Rule.html</summary>
public sealed record Rule(
    string Name, string Arn, string? EventPattern, string State, string? Description, string? ScheduleExpression, string? RoleArn, string EventBusName);

/// <summary>Makes or changes a rule: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html</summary>
public sealed record PutRule(
    [Length(1, 64), Pattern(@"[\.\-_A-Za-z0-9]+")] string Name,
    [Length(0, 256)] string? ScheduleExpression = null,
    [Length(0, 4096)] string? EventPattern = null,
    [OneOf("ENABLED", "DISABLED", "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS")] string? State = null,
    [Length(0, 512)] string? Description = null,
    [Length(1, 1600)] string? RoleArn = null,
    IReadOnlyList<Tag>? Tags = null,
    [Length(1, 1600), Pattern(EventBusNames.NameOrArn)] string? EventBusName = null) : IAwsRequest<PutRule.Response>
{
    /// <summary>The ARN of the rule.</summary>
    public sealed record Response(string RuleArn);
}

/// <summary>A rule by its name: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_DescribeRule.html</summary>
public sealed record DescribeRule(
    [Length(1, 64), Pattern(@"[\.\-_A-Za-z0-9]+")] string Name,
    [Length(1, 1600), Pattern(EventBusNames.NameOrArn)] string? EventBusName = null) : IAwsRequest<DescribeRule.Response>
{
    /// <summary>The rule.</summary>
    public sealed record Response(
        string Name, string Arn, string? EventPattern, string? ScheduleExpression, string State, string? Description, string? RoleArn, string EventBusName,
        string CreatedBy);
}

/// <summary>Rules in the order of their names: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_ListRules.html</summary>
public sealed record ListRules(
    [Length(1, 64), Pattern(@"[\.\-_A-Za-z0-9]+")] string? NamePrefix = null,
    [Length(1, 1600), Pattern(EventBusNames.NameOrArn)] string? EventBusName = null,
    [Length(1, 2048)] string? NextToken = null,
    [Range(1, 100)] int? Limit = null) : IAwsRequest<ListRules.Response>
{
    /// <summary>A page of rules.</summary>
    public sealed record Response(IReadOnlyList<Rule> Rules, string? NextToken = null);
}

/// <summary>Deletes a rule that has no targets: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_DeleteRule.html</summary>
public sealed record DeleteRule(
    [Length(1, 64), Pattern(@"[\.\-_A-Za-z0-9]+")] string Name,
    [Length(1, 1600), Pattern(EventBusNames.NameOrArn)] string? EventBusName = null,
    bool? Force = null) : IAwsRequest<EmptyResponse>;

/// <summary>Lets a rule act: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_EnableRule.html</summary>
public sealed record EnableRule(
    [Length(1, 64), Pattern(@"[\.\-_A-Za-z0-9]+")] string Name,
    [Length(1, 1600), Pattern(EventBusNames.NameOrArn)] string? EventBusName = null) : IAwsRequest<EmptyResponse>;

/// <summary>Keeps a rule from acting: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_DisableRule.html</summary>
public sealed record DisableRule(
    [Length(1, 64), Pattern(@"[\.\-_A-Za-z0-9]+")] string Name,
    [Length(1, 1600), Pattern(EventBusNames.NameOrArn)] string? EventBusName = null) : IAwsRequest<EmptyResponse>;

/// <summary>Tags a rule: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_TagResource.html</summary>
public sealed record TagResource([Length(1, 1600)] string ResourceARN, IReadOnlyList<Tag> Tags) : IAwsRequest<EmptyResponse>;

/// <summary>Takes tags from a rule: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_UntagResource.html</summary>
public sealed record UntagResource([Length(1, 1600)] string ResourceARN, [Length(1, 128)] IReadOnlyList<string> TagKeys) : IAwsRequest<EmptyResponse>;

/// <summary>The tags of a rule: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_ListTagsForResource.html</summary>
public sealed record ListTagsForResource([Length(1, 1600)] string ResourceARN) : IAwsRequest<ListTagsForResource.Response>
{
    /// <summary>The tags in the order of their keys.</summary>
    public sealed record Response(IReadOnlyList<Tag> Tags);
}

/// <summary>How a request names an event bus.</summary>
internal static class EventBusNames
{
    public const string NameOrArn = @"(arn:aws[\w-]*:events:[a-z]+-[a-z]+-[\w-]+:[0-9]{12}:event-bus\/)?[/\.\-_A-Za-z0-9]+";
}
