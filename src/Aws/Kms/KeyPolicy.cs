using Slipway.Aws.Wire;

namespace Slipway.Aws.Kms;

/// <summary>A key's policy, as it was given: https://docs.aws.amazon.com/kms/latest/APIReference/API_GetKeyPolicy.html</summary>
public sealed record GetKeyPolicy(
    [Length(1, 2048)] string KeyId, [Length(1, 128), Pattern(Patterns.PolicyName)] string? PolicyName = null) : IAwsRequest<GetKeyPolicy.Response>
{
    /// <summary>The policy's JSON.</summary>
    public sealed record Response(string Policy, string PolicyName);
}

/// <summary>Puts another policy in a key's: https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html</summary>
public sealed record PutKeyPolicy(
    [Length(1, 2048)] string KeyId, [Length(1, 131072), Pattern(Patterns.Policy)] string Policy,
    [Length(1, 128), Pattern(Patterns.PolicyName)] string? PolicyName = null, bool? BypassPolicyLockoutSafetyCheck = null) : IAwsRequest<EmptyResponse>;

/// <summary>The names of a key's policies; there is one, <c>default</c>: https://docs.aws.amazon.com/kms/latest/APIReference/API_ListKeyPolicies.html</summary>
public sealed record ListKeyPolicies(
    [Length(1, 2048)] string KeyId, [Range(1, 1000)] int? Limit = null,
    [Length(1, 1024), Pattern(Patterns.Marker)] string? Marker = null) : IAwsRequest<ListKeyPolicies.Response>
{
    /// <summary>A page of names.</summary>
    public sealed record Response(IReadOnlyList<string> PolicyNames, bool Truncated, string? NextMarker = null);
}
