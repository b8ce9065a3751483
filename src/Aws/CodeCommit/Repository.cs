using System.Text.Json.Serialization;
using Slipway.Aws.Wire;

namespace Slipway.Aws.CodeCommit;

/// <summary>A repository: https://docs.aws.amazon.com/codecommit/latest/APIReference/API_RepositoryMetadata.html</summary>
public sealed record RepositoryMetadata(
    string AccountId, string RepositoryId, string RepositoryName, [property: JsonPropertyName("Arn")] string Arn,
    DateTimeOffset CreationDate, DateTimeOffset LastModifiedDate, string CloneUrlHttp,
    string? RepositoryDescription = null, string? DefaultBranch = null, string? KmsKeyId = null);

/// <summary>Makes an empty repository: https://docs.aws.amazon.com/codecommit/latest/APIReference/API_CreateRepository.html</summary>
public sealed record CreateRepository(
    [Length(1, 100), Pattern(Codes.RepositoryName), Errors(Codes.InvalidRepositoryName, Codes.RepositoryNameRequired)] string RepositoryName,
    [Length(0, 1000), Errors("InvalidRepositoryDescriptionException")] string? RepositoryDescription = null,
    [Length(0, 50), Errors("TooManyTagsException")] IReadOnlyDictionary<string, string>? Tags = null,
    [Pattern("[a-zA-Z0-9:/_-]+"), Errors("EncryptionKeyInvalidIdException")] string? KmsKeyId = null) : IAwsRequest<CreateRepository.Response>
{
    /// <summary>The new repository.</summary>
    public sealed record Response(RepositoryMetadata RepositoryMetadata);
}

/// <summary>Describes a repository: https://docs.aws.amazon.com/codecommit/latest/APIReference/API_GetRepository.html</summary>
public sealed record GetRepository(
    [Length(1, 100), Pattern(Codes.RepositoryName), Errors(Codes.InvalidRepositoryName, Codes.RepositoryNameRequired)] string RepositoryName)
    : IAwsRequest<GetRepository.Response>
{
    /// <summary>The repository.</summary>
    public sealed record Response(RepositoryMetadata RepositoryMetadata);
}

/// <summary>A repository's name and id.</summary>
public sealed record RepositoryNameIdPair(string RepositoryName, string RepositoryId);

/// <summary>Lists repositories: https://docs.aws.amazon.com/codecommit/latest/APIReference/API_ListRepositories.html</summary>
public sealed record ListRepositories(
    string? NextToken = null,
    [OneOf("repositoryName", "lastModifiedDate"), Errors("InvalidSortByException")] string? SortBy = null,
    [OneOf("ascending", "descending"), Errors("InvalidOrderException")] string? Order = null) : IAwsRequest<ListRepositories.Response>
{
    /// <summary>A page of repositories.</summary>
    public sealed record Response(IReadOnlyList<RepositoryNameIdPair> Repositories, string? NextToken = null);
}

/// <summary>A repository that a batch could not give.</summary>
public sealed record BatchGetRepositoriesError(string RepositoryName, string ErrorCode, string ErrorMessage, string? RepositoryId = null);

/// <summary>Describes up to 100 repositories: https://docs.aws.amazon.com/codecommit/latest/APIReference/API_BatchGetRepositories.html</summary>
public sealed record BatchGetRepositories(
    [Errors(Codes.InvalidRepositoryName, "RepositoryNamesRequiredException"), Pattern(Codes.RepositoryName)] IReadOnlyList<string> RepositoryNames)
    : IAwsRequest<BatchGetRepositories.Response>
{
    /// <summary>The repositories that are there, and the names of those that aren't.</summary>
    public sealed record Response(
        IReadOnlyList<RepositoryMetadata> Repositories, IReadOnlyList<string> RepositoriesNotFound, IReadOnlyList<BatchGetRepositoriesError> Errors);
}

/// <summary>Deletes a repository with all its content; nothing where there is none: https://docs.aws.amazon.com/codecommit/latest/APIReference/API_DeleteRepository.html</summary>
public sealed record DeleteRepository(
    [Length(1, 100), Pattern(Codes.RepositoryName), Errors(Codes.InvalidRepositoryName, Codes.RepositoryNameRequired)] string RepositoryName)
    : IAwsRequest<DeleteRepository.Response>
{
    /// <summary>The id of the repository that was deleted, absent where there was none.</summary>
    public sealed record Response(string? RepositoryId);
}

/// <summary>Renames a repository: https://docs.aws.amazon.com/codecommit/latest/APIReference/API_UpdateRepositoryName.html</summary>
public sealed record UpdateRepositoryName(
    [Length(1, 100), Pattern(Codes.RepositoryName), Errors(Codes.InvalidRepositoryName, Codes.RepositoryNameRequired)] string OldName,
    [Length(1, 100), Pattern(Codes.RepositoryName), Errors(Codes.InvalidRepositoryName, Codes.RepositoryNameRequired)] string NewName)
    : IAwsRequest<EmptyResponse>;

/// <summary>Changes or removes a repository's description: https://docs.aws.amazon.com/codecommit/latest/APIReference/API_UpdateRepositoryDescription.html</summary>
public sealed record UpdateRepositoryDescription(
    [Length(1, 100), Pattern(Codes.RepositoryName), Errors(Codes.InvalidRepositoryName, Codes.RepositoryNameRequired)] string RepositoryName,
    [Length(0, 1000), Errors("InvalidRepositoryDescriptionException")] string? RepositoryDescription = null) : IAwsRequest<EmptyResponse>;

/// <summary>Makes another branch the default one: https://docs.aws.amazon.com/codecommit/latest/APIReference/API_UpdateDefaultBranch.html</summary>
public sealed record UpdateDefaultBranch(
    [Length(1, 100), Pattern(Codes.RepositoryName), Errors(Codes.InvalidRepositoryName, Codes.RepositoryNameRequired)] string RepositoryName,
    [Length(1, Codes.LongestBranchName), Errors(Codes.InvalidBranchName, Codes.BranchNameRequired)] string DefaultBranchName) : IAwsRequest<EmptyResponse>;
