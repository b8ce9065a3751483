using Slipway.Aws.Wire;

namespace Slipway.Aws.Ecr;

internal static class Patterns
{
    public const string Repository = @"[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*";
    public const string Registry = "[0-9]{12}";
}

/// <summary>Tags that may be moved where the others may not, or the other way round: https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_ImageTagMutabilityExclusionFilter.html</summary>
public sealed record ImageTagMutabilityExclusionFilter([OneOf("WILDCARD")] string FilterType, [Length(1, 128), Pattern("[0-9a-zA-Z._*-]{1,128}")] string Filter);

/// <summary>Whether an image is scanned when it is pushed. Local AWS scans nothing: kept and given back.</summary>
public sealed record ImageScanningConfiguration(bool? ScanOnPush = null);

/// <summary>How a repository's images are encrypted: https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_EncryptionConfiguration.html</summary>
public sealed record EncryptionConfiguration([OneOf("AES256", "KMS", "KMS_DSSE")] string EncryptionType, [Length(1, 2048)] string? KmsKey = null);

/// <summary>A repository: https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_Repository.html</summary>
public sealed record Repository(
    string RepositoryArn, string RegistryId, string RepositoryName, string RepositoryUri, DateTimeOffset CreatedAt,
    [OneOf("MUTABLE", "IMMUTABLE", "IMMUTABLE_WITH_EXCLUSION", "MUTABLE_WITH_EXCLUSION")] string ImageTagMutability,
    ImageScanningConfiguration ImageScanningConfiguration, EncryptionConfiguration EncryptionConfiguration,
    IReadOnlyList<ImageTagMutabilityExclusionFilter>? ImageTagMutabilityExclusionFilters = null);

/// <summary>Makes a repository: https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html</summary>
public sealed record CreateRepository(
    [Length(2, 256), Pattern(Patterns.Repository)] string RepositoryName,
    [Pattern(Patterns.Registry)] string? RegistryId = null,
    IReadOnlyList<Tag>? Tags = null,
    [OneOf("MUTABLE", "IMMUTABLE", "IMMUTABLE_WITH_EXCLUSION", "MUTABLE_WITH_EXCLUSION")] string? ImageTagMutability = null,
    [Length(1, 5)] IReadOnlyList<ImageTagMutabilityExclusionFilter>? ImageTagMutabilityExclusionFilters = null,
    ImageScanningConfiguration? ImageScanningConfiguration = null,
    EncryptionConfiguration? EncryptionConfiguration = null) : IAwsRequest<CreateRepository.Response>
{
    /// <summary>The repository that was made.</summary>
    public sealed record Response(Repository Repository);
}

/// <summary>Repositories by name, or all: https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DescribeRepositories.html</summary>
public sealed record DescribeRepositories(
    [Pattern(Patterns.Registry)] string? RegistryId = null, [Length(1, 100), Pattern(Patterns.Repository)] IReadOnlyList<string>? RepositoryNames = null,
    string? NextToken = null, [Range(1, 1000)] int? MaxResults = null) : IAwsRequest<DescribeRepositories.Response>
{
    /// <summary>A page of repositories.</summary>
    public sealed record Response(IReadOnlyList<Repository> Repositories, string? NextToken = null);
}

/// <summary>Deletes a repository, with <c>Force</c> its images too: https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DeleteRepository.html</summary>
public sealed record DeleteRepository(
    [Length(2, 256), Pattern(Patterns.Repository)] string RepositoryName, [Pattern(Patterns.Registry)] string? RegistryId = null,
    bool? Force = null) : IAwsRequest<DeleteRepository.Response>
{
    /// <summary>The repository that was deleted.</summary>
    public sealed record Response(Repository Repository);
}

/// <summary>Whether images are scanned when they are pushed: https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_PutImageScanningConfiguration.html</summary>
public sealed record PutImageScanningConfiguration(
    [Length(2, 256), Pattern(Patterns.Repository)] string RepositoryName, ImageScanningConfiguration ImageScanningConfiguration,
    [Pattern(Patterns.Registry)] string? RegistryId = null) : IAwsRequest<PutImageScanningConfiguration.Response>
{
    /// <summary>The setting as it is now.</summary>
    public sealed record Response(string RegistryId, string RepositoryName, ImageScanningConfiguration ImageScanningConfiguration);
}

/// <summary>Whether a tag may be moved to another image: https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_PutImageTagMutability.html</summary>
public sealed record PutImageTagMutability(
    [Length(2, 256), Pattern(Patterns.Repository)] string RepositoryName,
    [OneOf("MUTABLE", "IMMUTABLE", "IMMUTABLE_WITH_EXCLUSION", "MUTABLE_WITH_EXCLUSION")] string ImageTagMutability,
    [Pattern(Patterns.Registry)] string? RegistryId = null,
    [Length(1, 5)] IReadOnlyList<ImageTagMutabilityExclusionFilter>? ImageTagMutabilityExclusionFilters = null) : IAwsRequest<PutImageTagMutability.Response>
{
    /// <summary>The setting as it is now.</summary>
    public sealed record Response(
        string RegistryId, string RepositoryName, string ImageTagMutability,
        IReadOnlyList<ImageTagMutabilityExclusionFilter>? ImageTagMutabilityExclusionFilters = null);
}
