using Slipway.Aws.Wire;

namespace Slipway.Aws.Ecr;

/// <summary>Says who may use a repository: https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_SetRepositoryPolicy.html</summary>
public sealed record SetRepositoryPolicy(
    [Length(2, 256), Pattern(Patterns.Repository)] string RepositoryName, [Length(0, 10240)] string PolicyText,
    [Pattern(Patterns.Registry)] string? RegistryId = null, bool? Force = null) : IAwsRequest<SetRepositoryPolicy.Response>
{
    /// <summary>The policy as it is now.</summary>
    public sealed record Response(string RegistryId, string RepositoryName, string PolicyText);
}

/// <summary>A repository's policy: https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_GetRepositoryPolicy.html</summary>
public sealed record GetRepositoryPolicy(
    [Length(2, 256), Pattern(Patterns.Repository)] string RepositoryName, [Pattern(Patterns.Registry)] string? RegistryId = null) : IAwsRequest<GetRepositoryPolicy.Response>
{
    /// <summary>The policy.</summary>
    public sealed record Response(string RegistryId, string RepositoryName, string PolicyText);
}

/// <summary>Takes a repository's policy away: https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DeleteRepositoryPolicy.html</summary>
public sealed record DeleteRepositoryPolicy(
    [Length(2, 256), Pattern(Patterns.Repository)] string RepositoryName, [Pattern(Patterns.Registry)] string? RegistryId = null) : IAwsRequest<DeleteRepositoryPolicy.Response>
{
    /// <summary>The policy that was.</summary>
    public sealed record Response(string RegistryId, string RepositoryName, string PolicyText);
}

/// <summary>Says which images expire: https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_PutLifecyclePolicy.html</summary>
public sealed record PutLifecyclePolicy(
    [Length(2, 256), Pattern(Patterns.Repository)] string RepositoryName, [Length(100, 30720)] string LifecyclePolicyText,
    [Pattern(Patterns.Registry)] string? RegistryId = null) : IAwsRequest<PutLifecyclePolicy.Response>
{
    /// <summary>The policy as it is now.</summary>
    public sealed record Response(string RegistryId, string RepositoryName, string LifecyclePolicyText);
}

/// <summary>A repository's lifecycle policy: https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_GetLifecyclePolicy.html</summary>
public sealed record GetLifecyclePolicy(
    [Length(2, 256), Pattern(Patterns.Repository)] string RepositoryName, [Pattern(Patterns.Registry)] string? RegistryId = null) : IAwsRequest<GetLifecyclePolicy.Response>
{
    /// <summary>The policy.</summary>
    public sealed record Response(string RegistryId, string RepositoryName, string LifecyclePolicyText);
}

/// <summary>Takes a repository's lifecycle policy away: https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DeleteLifecyclePolicy.html</summary>
public sealed record DeleteLifecyclePolicy(
    [Length(2, 256), Pattern(Patterns.Repository)] string RepositoryName, [Pattern(Patterns.Registry)] string? RegistryId = null) : IAwsRequest<DeleteLifecyclePolicy.Response>
{
    /// <summary>The policy that was.</summary>
    public sealed record Response(string RegistryId, string RepositoryName, string LifecyclePolicyText);
}
