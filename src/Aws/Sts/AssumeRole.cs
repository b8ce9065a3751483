using Slipway.Aws.Wire;

namespace Slipway.Aws.Sts;

/// <summary>
/// Temporary credentials of a role: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html.
/// <c>DurationSeconds</c> is 3,600 where absent.
/// </summary>
public sealed record AssumeRole(
    [Length(20, 2048)] string RoleArn,
    [Length(2, 64), Pattern(@"[\w+=,.@-]*")] string RoleSessionName,
    [Range(900, 43200)] int? DurationSeconds = null,
    [Length(2, 1224)] string? ExternalId = null,
    string? Policy = null,
    IReadOnlyList<AssumeRole.Tag>? Tags = null,
    string? SourceIdentity = null) : IAwsRequest<AssumeRole.Response>
{
    /// <summary>A session tag.</summary>
    public sealed record Tag(string Key, string Value);

    /// <summary>The credentials and the identity that they give.</summary>
    public sealed record Response(Credentials Credentials, AssumedRoleUser AssumedRoleUser, int? PackedPolicySize = null, string? SourceIdentity = null);
}

/// <summary>Temporary credentials.</summary>
public sealed record Credentials(string AccessKeyId, string SecretAccessKey, string SessionToken, DateTimeOffset Expiration);

/// <summary>The identity of a session of a role.</summary>
public sealed record AssumedRoleUser(string AssumedRoleId, string Arn);
