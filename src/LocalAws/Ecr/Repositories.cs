using Slipway.Aws.Ecr;
using Slipway.Aws.Wire;
using Slipway.LocalAws.Kms;
using Slipway.LocalAws.Storage;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.Ecr;

/// <summary>ECR's repositories, as records: https://docs.aws.amazon.com/AmazonECR/latest/userguide/Repositories.html</summary>
internal sealed class Repositories(RepositoryTable repositories, KeyTable keys, TimeProvider time)
{
    private const string DefaultKey = "alias/aws/ecr";
    private const int DefaultPage = 100;

    public CreateRepository.Response Create(CreateRepository request, Caller caller)
    {
        if (request.RegistryId is { } registry && registry != caller.AccountId)
        {
            throw EcrErrors.Invalid("registryId", $"must be this account's, {caller.AccountId}");
        }

        var mutability = request.ImageTagMutability ?? "MUTABLE";
        CheckExclusions(mutability, request.ImageTagMutabilityExclusionFilters);
        var made = new Repository(
            caller.Arn("ecr", "repository/" + request.RepositoryName), caller.AccountId, request.RepositoryName,
            $"{caller.AccountId}.dkr.ecr.{caller.Region}.amazonaws.com/{request.RepositoryName}", time.GetUtcNow(), mutability,
            request.ImageScanningConfiguration is { ScanOnPush: not null } scanning ? scanning : new(ScanOnPush: false),
            Encryption(request.EncryptionConfiguration, caller), request.ImageTagMutabilityExclusionFilters);
        return repositories.Insert(new(made, RepositoryTags.Put(new Dictionary<string, string>(), request.Tags ?? [])))
            ? new(made)
            : throw EcrErrors.Exists(request.RepositoryName, caller.AccountId);
    }

    public DescribeRepositories.Response Describe(DescribeRepositories request, Caller caller)
    {
        if (request.RepositoryNames is { } names)
        {
            return request is { MaxResults: null, NextToken: null }
                ? new([.. names.Distinct().Select(n => repositories.Require(n, request.RegistryId, caller).Description)])
                : throw EcrErrors.Invalid("repositoryNames", "must not come with maxResults or nextToken");
        }

        var all = request.RegistryId is null || request.RegistryId == caller.AccountId ? repositories.All().Select(r => r.Description) : [];
        var page = Page.Of(all, r => r.RepositoryName, request.NextToken, request.MaxResults ?? DefaultPage, () => EcrErrors.Invalid("nextToken", "must be one that this listing gave"));
        return new(page.Items, page.NextToken);
    }

    public DeleteRepository.Response Delete(DeleteRepository request, Caller caller)
    {
        var repository = repositories.Require(request.RepositoryName, request.RegistryId, caller);
        return repositories.Delete(request.RepositoryName) ? new(repository.Description) : throw EcrErrors.NoRepository(request.RepositoryName, caller.AccountId);
    }

    public PutImageScanningConfiguration.Response PutScanning(PutImageScanningConfiguration request, Caller caller)
    {
        var repository = repositories.Require(request.RepositoryName, request.RegistryId, caller);
        var setting = new ImageScanningConfiguration(request.ImageScanningConfiguration.ScanOnPush ?? false);
        repositories.Change(repository, r => r with { Description = r.Description with { ImageScanningConfiguration = setting } }, caller);
        return new(caller.AccountId, request.RepositoryName, setting);
    }

    public PutImageTagMutability.Response PutMutability(PutImageTagMutability request, Caller caller)
    {
        CheckExclusions(request.ImageTagMutability, request.ImageTagMutabilityExclusionFilters);
        var repository = repositories.Require(request.RepositoryName, request.RegistryId, caller);
        repositories.Change(repository, r => r with
        {
            Description = r.Description with
            {
                ImageTagMutability = request.ImageTagMutability, ImageTagMutabilityExclusionFilters = request.ImageTagMutabilityExclusionFilters,
            },
        }, caller);
        return new(caller.AccountId, request.RepositoryName, request.ImageTagMutability, request.ImageTagMutabilityExclusionFilters);
    }

    private static void CheckExclusions(string mutability, IReadOnlyList<ImageTagMutabilityExclusionFilter>? filters)
    {
        if (mutability.EndsWith("_WITH_EXCLUSION", StringComparison.Ordinal) != filters is not null)
        {
            throw EcrErrors.Invalid("imageTagMutabilityExclusionFilters", "must come with a mutability WITH_EXCLUSION, and with no other");
        }
    }

    private EncryptionConfiguration Encryption(EncryptionConfiguration? asked, Caller caller)
    {
        if (asked is null or { EncryptionType: "AES256" })
        {
            return asked?.KmsKey is null ? new("AES256") : throw EcrErrors.Invalid("encryptionConfiguration", "AES256 takes no kmsKey");
        }

        try
        {
            return asked with { KmsKey = keys.Resolve(asked.KmsKey ?? DefaultKey, caller).Usable().Arn };
        }
        catch (AwsException e)
        {
            throw EcrErrors.Kms(e);
        }
    }
}
