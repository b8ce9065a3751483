using Slipway.Aws.Wire;

namespace Slipway.Aws.Sts;

/// <summary>Who the caller is: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html</summary>
public sealed record GetCallerIdentity : IAwsRequest<GetCallerIdentity.Response>
{
    /// <summary>The caller.</summary>
    public sealed record Response(string UserId, string Account, string Arn);
}
