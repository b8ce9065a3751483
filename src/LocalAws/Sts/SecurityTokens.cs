using System.Net;
using Slipway.Aws.Sts;
using Slipway.Aws.Wire;
using Slipway.LocalAws.Access;
using Slipway.LocalAws.Iam;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.Sts;

/// <summary>STS: https://docs.aws.amazon.com/STS/latest/APIReference/</summary>
internal sealed class SecurityTokens(LocalAwsOptions options, Roles roles, SessionTokens tokens)
{
    private const int DefaultDuration = 3600;
    private const int LongestChained = 3600;

    public GetCallerIdentity.Response Identify(GetCallerIdentity _, Caller caller) => new(caller.Identity.UserId, caller.AccountId, caller.Identity.Arn);

    public AssumeRole.Response Assume(AssumeRole request, Caller caller)
    {
        var role = roles.Find(request.RoleArn)
            ?? throw new AwsException("AccessDenied", HttpStatusCode.Forbidden, $"Role {request.RoleArn} does not exist, so it can't be assumed.");
        var duration = request.DurationSeconds ?? DefaultDuration;
        if (duration > role.MaxSessionDuration)
        {
            throw new AwsException("ValidationError", HttpStatusCode.BadRequest, "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.");
        }

        if (duration > LongestChained && caller.Identity.IsSession)
        {
            throw new AwsException("ValidationError", HttpStatusCode.BadRequest, "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.");
        }

        var identity = Identity.Session(role, request.RoleSessionName);
        // an answer has whole seconds
        var expires = DateTimeOffset.FromUnixTimeSeconds(options.Time.GetUtcNow().ToUnixTimeSeconds() + duration);
        var made = tokens.Issue(identity, expires);
        return new(new(made.AccessKeyId, made.SecretAccessKey, made.SessionToken!, expires), new(identity.UserId, identity.Arn), SourceIdentity: request.SourceIdentity);
    }
}
