using Slipway.Aws.Wire;

namespace Slipway.Aws.Iam;

/// <summary>Whether a user name and its password are taken.</summary>
public enum ServiceSpecificCredentialStatus
{
    /// <summary>They are.</summary>
    Active,

    /// <summary>They are not, until they are Active again.</summary>
    Inactive,
}

/// <summary>
/// A user name and a password for one service; the password is told here and never again:
/// https://docs.aws.amazon.com/IAM/latest/APIReference/API_ServiceSpecificCredential.html
/// </summary>
public sealed record ServiceSpecificCredential(
    DateTimeOffset CreateDate, string ServiceName, string ServiceUserName, string ServicePassword,
    string ServiceSpecificCredentialId, string UserName, ServiceSpecificCredentialStatus Status);

/// <summary>The same without the password: https://docs.aws.amazon.com/IAM/latest/APIReference/API_ServiceSpecificCredentialMetadata.html</summary>
public sealed record ServiceSpecificCredentialMetadata(
    string UserName, ServiceSpecificCredentialStatus Status, string ServiceUserName, DateTimeOffset CreateDate,
    string ServiceSpecificCredentialId, string ServiceName);

/// <summary>
/// Makes a user name and a password, such as git sends to CodeCommit:
/// https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateServiceSpecificCredential.html
/// </summary>
public sealed record CreateServiceSpecificCredential(
    [Length(1, 64), Pattern(@"[\w+=,.@-]+")] string UserName, string ServiceName) : IAwsRequest<CreateServiceSpecificCredential.Response>
{
    /// <summary>What was made, with its password.</summary>
    public sealed record Response(ServiceSpecificCredential ServiceSpecificCredential);
}

/// <summary>A user's, or those of the user that signs: https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListServiceSpecificCredentials.html</summary>
public sealed record ListServiceSpecificCredentials(
    [Length(1, 64), Pattern(@"[\w+=,.@-]+")] string? UserName = null,
    string? ServiceName = null,
    bool? AllUsers = null,
    [Length(1, 320)] string? Marker = null,
    [Range(1, 1000)] int? MaxItems = null) : IAwsRequest<ListServiceSpecificCredentials.Response>
{
    /// <summary>A page of them; <c>Marker</c> asks for the next one.</summary>
    public sealed record Response(
        IReadOnlyList<ServiceSpecificCredentialMetadata> ServiceSpecificCredentials, bool? IsTruncated = null, string? Marker = null);
}

/// <summary>Gives it another password: https://docs.aws.amazon.com/IAM/latest/APIReference/API_ResetServiceSpecificCredential.html</summary>
public sealed record ResetServiceSpecificCredential(
    [Length(20, 128), Pattern(@"[\w]+")] string ServiceSpecificCredentialId,
    [Length(1, 64), Pattern(@"[\w+=,.@-]+")] string? UserName = null) : IAwsRequest<ResetServiceSpecificCredential.Response>
{
    /// <summary>The same with its new password.</summary>
    public sealed record Response(ServiceSpecificCredential ServiceSpecificCredential);
}

/// <summary>Says whether it is taken: https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateServiceSpecificCredential.html</summary>
public sealed record UpdateServiceSpecificCredential(
    [Length(20, 128), Pattern(@"[\w]+")] string ServiceSpecificCredentialId,
    ServiceSpecificCredentialStatus Status,
    [Length(1, 64), Pattern(@"[\w+=,.@-]+")] string? UserName = null) : IAwsRequest<EmptyResponse>;

/// <summary>Deletes it: https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteServiceSpecificCredential.html</summary>
public sealed record DeleteServiceSpecificCredential(
    [Length(20, 128), Pattern(@"[\w]+")] string ServiceSpecificCredentialId,
    [Length(1, 64), Pattern(@"[\w+=,.@-]+")] string? UserName = null) : IAwsRequest<EmptyResponse>;
