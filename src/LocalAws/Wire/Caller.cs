using Slipway.LocalAws.Access;

namespace Slipway.LocalAws.Wire;

/// <summary>Who asks, and where: what the signature of a request says.</summary>
/// <param name="AccountId">The account.</param>
/// <param name="Region">The region of the credential scope.</param>
/// <param name="AccessKeyId">The access key, or empty for an unsigned request.</param>
/// <param name="RequestId">The id of this request, given back in its answer.</param>
internal sealed record Caller(string AccountId, string Region, string AccessKeyId, string RequestId)
{
    /// <summary>Who it is: the account's owner where nobody checks.</summary>
    public Identity Identity { get; init; } = Identity.Root(AccountId);

    /// <summary>Whether the client sends a request again because it does not know what became of the first, as AWS's SDKs say in <c>amz-sdk-request</c>.</summary>
    public bool IsRetry { get; init; }

    /// <summary>The ARN of the EventBridge rule whose target the operation is; null where a client asks.</summary>
    public string? Rule { get; init; }

    /// <summary>What the client calls this request and its repetitions, as AWS's SDKs say in <c>amz-sdk-invocation-id</c>; null where it does not say.</summary>
    public string? Invocation { get; init; }

    /// <summary>The ARN of a resource of the caller's account and region.</summary>
    public string Arn(string service, string resource) => $"arn:aws:{service}:{Region}:{AccountId}:{resource}";
}
