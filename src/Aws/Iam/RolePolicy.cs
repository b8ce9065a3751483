using Slipway.Aws.Wire;

namespace Slipway.Aws.Iam;

/// <summary>Gives a role a policy of its own, in place of the one with its name: https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutRolePolicy.html</summary>
public sealed record PutRolePolicy(
    [Length(1, 64), Pattern(@"[\w+=,.@-]+")] string RoleName,
    [Length(1, 128), Pattern(@"[\w+=,.@-]+")] string PolicyName,
    [Length(1, 131072), Pattern(@"[\u0009\u000A\u000D\u0020-\u00FF]+")] string PolicyDocument) : IAwsRequest<EmptyResponse>;

/// <summary>A policy of a role's own: https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRolePolicy.html</summary>
public sealed record GetRolePolicy(
    [Length(1, 64), Pattern(@"[\w+=,.@-]+")] string RoleName,
    [Length(1, 128), Pattern(@"[\w+=,.@-]+")] string PolicyName) : IAwsRequest<GetRolePolicy.Response>
{
    /// <summary>The policy; its document is URL-encoded.</summary>
    public sealed record Response(string RoleName, string PolicyName, string PolicyDocument);
}

/// <summary>The names of a role's own policies, in their order: https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListRolePolicies.html</summary>
public sealed record ListRolePolicies(
    [Length(1, 64), Pattern(@"[\w+=,.@-]+")] string RoleName,
    [Length(1, 320)] string? Marker = null,
    [Range(1, 1000)] int? MaxItems = null) : IAwsRequest<ListRolePolicies.Response>
{
    /// <summary>A page of names; <c>Marker</c> asks for the next one.</summary>
    public sealed record Response(IReadOnlyList<string> PolicyNames, bool IsTruncated, string? Marker = null);
}

/// <summary>Takes a policy of its own from a role: https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteRolePolicy.html</summary>
public sealed record DeleteRolePolicy(
    [Length(1, 64), Pattern(@"[\w+=,.@-]+")] string RoleName,
    [Length(1, 128), Pattern(@"[\w+=,.@-]+")] string PolicyName) : IAwsRequest<EmptyResponse>;
