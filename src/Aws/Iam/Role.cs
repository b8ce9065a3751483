using Slipway.Aws.Wire;

namespace Slipway.Aws.Iam;

/// <summary>A role: https://docs.aws.amazon.com/IAM/latest/APIReference/API_Role.html. The policy document is URL-encoded in answers.</summary>
public sealed record Role(
    string Path, string RoleName, string RoleId, string Arn, DateTimeOffset CreateDate,
    string? AssumeRolePolicyDocument = null, string? Description = null, int? MaxSessionDuration = null, IReadOnlyList<Tag>? Tags = null);

/// <summary>A tag of an IAM resource.</summary>
public sealed record Tag([Length(1, 128)] string Key, [Length(0, 256)] string Value);

/// <summary>Makes a role: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html</summary>
public sealed record CreateRole(
    [Length(1, 64), Pattern(@"[\w+=,.@-]+")] string RoleName,
    [Length(1, 131072)] string AssumeRolePolicyDocument,
    [Length(1, 512), Pattern(@"(\u002F)|(\u002F[\u0021-\u007E]+\u002F)")] string? Path = null,
    [Length(0, 1000)] string? Description = null,
    [Range(3600, 43200)] int? MaxSessionDuration = null,
    [Length(0, 50)] IReadOnlyList<Tag>? Tags = null) : IAwsRequest<CreateRole.Response>
{
    /// <summary>The role that was made.</summary>
    public sealed record Response(Role Role);
}

/// <summary>A role by its name: https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRole.html</summary>
public sealed record GetRole([Length(1, 64), Pattern(@"[\w+=,.@-]+")] string RoleName) : IAwsRequest<GetRole.Response>
{
    /// <summary>The role.</summary>
    public sealed record Response(Role Role);
}

/// <summary>Roles by path, in the order of their names: https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListRoles.html</summary>
public sealed record ListRoles(
    [Length(1, 512)] string? PathPrefix = null, [Length(1, 320)] string? Marker = null, [Range(1, 1000)] int? MaxItems = null) : IAwsRequest<ListRoles.Response>
{
    /// <summary>A page of roles; <c>Marker</c> asks for the next one.</summary>
    public sealed record Response(IReadOnlyList<Role> Roles, bool IsTruncated, string? Marker = null);
}

/// <summary>Deletes a role: https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteRole.html</summary>
public sealed record DeleteRole([Length(1, 64), Pattern(@"[\w+=,.@-]+")] string RoleName) : IAwsRequest<EmptyResponse>;
