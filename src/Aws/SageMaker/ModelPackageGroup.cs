using Slipway.Aws.Wire;

namespace Slipway.Aws.SageMaker;

/// <summary>The state of a model package group.</summary>
public enum ModelPackageGroupStatus
{
    /// <summary>It can take versions.</summary>
    Completed,

    /// <summary>It is being deleted.</summary>
    Deleting,
}

/// <summary>Makes a group of model package versions: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateModelPackageGroup.html</summary>
public sealed record CreateModelPackageGroup(
    [Length(1, 63), Pattern(Patterns.EntityName)] string ModelPackageGroupName,
    [Length(0, 1024), Pattern(Patterns.Description)] string? ModelPackageGroupDescription = null,
    [Length(0, 50)] IReadOnlyList<Tag>? Tags = null) : IAwsRequest<CreateModelPackageGroup.Response>
{
    /// <summary>The group that was made.</summary>
    public sealed record Response(string ModelPackageGroupArn);
}

/// <summary>A group by its name or ARN: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeModelPackageGroup.html</summary>
public sealed record DescribeModelPackageGroup([Length(1, 170), Pattern(Patterns.ArnOrName)] string ModelPackageGroupName)
    : IAwsRequest<DescribeModelPackageGroup.Response>
{
    /// <summary>The group.</summary>
    public sealed record Response(
        string ModelPackageGroupName, string ModelPackageGroupArn, DateTimeOffset CreationTime, UserContext CreatedBy,
        ModelPackageGroupStatus ModelPackageGroupStatus, string? ModelPackageGroupDescription = null);
}

/// <summary>Groups, the oldest first unless told otherwise: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ListModelPackageGroups.html</summary>
public sealed record ListModelPackageGroups(
    DateTimeOffset? CreationTimeAfter = null, DateTimeOffset? CreationTimeBefore = null,
    [Range(1, 100)] int? MaxResults = null, [Length(0, 63), Pattern(Patterns.NameContains)] string? NameContains = null, [Length(0, 8192)] string? NextToken = null,
    [OneOf("Name", "CreationTime")] string? SortBy = null, SortOrder? SortOrder = null,
    [OneOf("SameAccount", "CrossAccount")] string? CrossAccountFilterOption = null) : IAwsRequest<ListModelPackageGroups.Response>
{
    /// <summary>A page of groups.</summary>
    public sealed record Response(IReadOnlyList<ModelPackageGroupSummary> ModelPackageGroupSummaryList, string? NextToken = null);
}

/// <summary>A group in a listing.</summary>
public sealed record ModelPackageGroupSummary(
    string ModelPackageGroupName, string ModelPackageGroupArn, DateTimeOffset CreationTime,
    ModelPackageGroupStatus ModelPackageGroupStatus, string? ModelPackageGroupDescription = null);

/// <summary>Deletes a group that has no versions: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DeleteModelPackageGroup.html</summary>
public sealed record DeleteModelPackageGroup([Length(1, 170), Pattern(Patterns.ArnOrName)] string ModelPackageGroupName) : IAwsRequest<EmptyResponse>;

/// <summary>Sets a group's resource policy: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_PutModelPackageGroupPolicy.html</summary>
public sealed record PutModelPackageGroupPolicy(
    [Length(1, 63), Pattern(Patterns.EntityName)] string ModelPackageGroupName, [Length(1, 20480)] string ResourcePolicy) : IAwsRequest<PutModelPackageGroupPolicy.Response>
{
    /// <summary>The group.</summary>
    public sealed record Response(string ModelPackageGroupArn);
}

/// <summary>A group's resource policy: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_GetModelPackageGroupPolicy.html</summary>
public sealed record GetModelPackageGroupPolicy([Length(1, 63), Pattern(Patterns.EntityName)] string ModelPackageGroupName) : IAwsRequest<GetModelPackageGroupPolicy.Response>
{
    /// <summary>The policy, a JSON document.</summary>
    public sealed record Response(string ResourcePolicy);
}

/// <summary>Removes a group's resource policy: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DeleteModelPackageGroupPolicy.html</summary>
public sealed record DeleteModelPackageGroupPolicy([Length(1, 63), Pattern(Patterns.EntityName)] string ModelPackageGroupName) : IAwsRequest<EmptyResponse>;
