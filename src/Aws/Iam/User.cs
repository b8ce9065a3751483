using Slipway.Aws.Wire;

namespace Slipway.Aws.Iam;

/// <summary>A user: https://docs.aws.amazon.com/IAM/latest/APIReference/API_User.html</summary>
public sealed record User(string Path, string UserName, string UserId, string Arn, DateTimeOffset CreateDate, IReadOnlyList<Tag>? Tags = null);

/// <summary>Makes a user: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateUser.html</summary>
public sealed record CreateUser(
    [Length(1, 64), Pattern(@"[\w+=,.@-]+")] string UserName,
    [Length(1, 512), Pattern(@"(\u002F)|(\u002F[\u0021-\u007E]+\u002F)")] string? Path = null,
    [Length(0, 50)] IReadOnlyList<Tag>? Tags = null) : IAwsRequest<CreateUser.Response>
{
    /// <summary>The user that was made.</summary>
    public sealed record Response(User User);
}

/// <summary>A user by its name, or the one that signs: https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetUser.html</summary>
public sealed record GetUser([Length(1, 128), Pattern(@"[\w+=,.@-]+")] string? UserName = null) : IAwsRequest<GetUser.Response>
{
    /// <summary>The user.</summary>
    public sealed record Response(User User);
}

/// <summary>Users by path, in the order of their names: https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListUsers.html</summary>
public sealed record ListUsers(
    [Length(1, 512), Pattern(@"\u002F[\u0021-\u007F]*")] string? PathPrefix = null,
    [Length(1, 320)] string? Marker = null,
    [Range(1, 1000)] int? MaxItems = null) : IAwsRequest<ListUsers.Response>
{
    /// <summary>A page of users; <c>Marker</c> asks for the next one.</summary>
    public sealed record Response(IReadOnlyList<User> Users, bool IsTruncated, string? Marker = null);
}

/// <summary>Deletes a user: https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteUser.html</summary>
public sealed record DeleteUser([Length(1, 128), Pattern(@"[\w+=,.@-]+")] string UserName) : IAwsRequest<EmptyResponse>;
