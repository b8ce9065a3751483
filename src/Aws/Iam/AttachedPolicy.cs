using Slipway.Aws.Wire;

namespace Slipway.Aws.Iam;

/// <summary>A managed policy that a role has: https://docs.aws.amazon.com/IAM/latest/APIReference/API_AttachedPolicy.html</summary>
public sealed record AttachedPolicy(string PolicyName, string PolicyArn);

/// <summary>Gives a role a managed policy: https://docs.aws.amazon.com/IAM/latest/APIReference/API_AttachRolePolicy.html</summary>
public sealed record AttachRolePolicy(
    [Length(1, 64), Pattern(@"[\w+=,.@-]+")] string RoleName, [Length(20, 2048)] string PolicyArn) : IAwsRequest<EmptyResponse>;

/// <summary>Takes a managed policy from a role: https://docs.aws.amazon.com/IAM/latest/APIReference/API_DetachRolePolicy.html</summary>
public sealed record DetachRolePolicy(
    [Length(1, 64), Pattern(@"[\w+=,.@-]+")] string RoleName, [Length(20, 2048)] string PolicyArn) : IAwsRequest<EmptyResponse>;

/// <summary>A role's managed policies, in the order of their names: https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListAttachedRolePolicies.html</summary>
public sealed record ListAttachedRolePolicies(
    [Length(1, 64), Pattern(@"[\w+=,.@-]+")] string RoleName,
    [Length(1, 512), Pattern(@"((/[A-Za-z0-9\.,\+@=_-]+)*)/")] string? PathPrefix = null,
    [Length(1, 320)] string? Marker = null,
    [Range(1, 1000)] int? MaxItems = null) : IAwsRequest<ListAttachedRolePolicies.Response>
{
    /// <summary>A page of them; <c>Marker</c> asks for the next one.</summary>
    public sealed record Response(IReadOnlyList<AttachedPolicy> AttachedPolicies, bool IsTruncated, string? Marker = null);
}
