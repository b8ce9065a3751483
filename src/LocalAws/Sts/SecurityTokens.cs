using System.Security.Cryptography;
using Slipway.Aws.Sts;
using Slipway.Aws.Wire;
using Slipway.LocalAws.Iam;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.Sts;

/// <summary>STS: https://docs.aws.amazon.com/STS/latest/APIReference/</summary>
internal sealed class SecurityTokens(LocalAwsOptions options, Roles roles)
{
    public GetCallerIdentity.Response Identify(GetCallerIdentity _, Caller caller) =>
        new(caller.AccountId, caller.AccountId, $"arn:aws:iam::{caller.AccountId}:root");

    public AssumeRole.Response Assume(AssumeRole request)
    {
        var role = roles.Find(request.RoleArn)
            ?? throw new AwsException("AccessDenied", System.Net.HttpStatusCode.Forbidden, $"Role {request.RoleArn} does not exist, so it can't be assumed.");
        var expiration = options.Time.GetUtcNow().AddSeconds(request.DurationSeconds ?? 3600);
        var credentials = new Credentials(
            "ASIA" + RandomNumberGenerator.GetString("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 16),
            Convert.ToBase64String(RandomNumberGenerator.GetBytes(30)), Convert.ToBase64String(RandomNumberGenerator.GetBytes(96)), expiration);
        var session = $"arn:aws:sts::{options.AccountId}:assumed-role/{role.RoleName}/{request.RoleSessionName}";
        return new(credentials, new($"{role.RoleId}:{request.RoleSessionName}", session), SourceIdentity: request.SourceIdentity);
    }
}
