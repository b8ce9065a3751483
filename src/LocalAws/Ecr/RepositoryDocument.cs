using Slipway.Aws.Wire;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.Ecr;

/// <summary>A document that a repository may have, kept and given back as it came.</summary>
/// <param name="Of">The document of a repository, or null.</param>
/// <param name="With">The repository with another document, or with none.</param>
/// <param name="Missing">ECR's error where there is none, by the repository's name and registry.</param>
internal sealed record RepositoryDocument(
    Func<StoredRepository, string?> Of, Func<StoredRepository, string?, StoredRepository> With, Func<string, string, AwsException> Missing)
{
    /// <summary>Keeps a document.</summary>
    /// <exception cref="AwsException">RepositoryNotFoundException.</exception>
    public void Put(RepositoryTable repositories, string name, string? registryId, string document, Caller caller) =>
        repositories.Change(repositories.Require(name, registryId, caller), r => With(r, document), caller);

    /// <summary>The document.</summary>
    /// <exception cref="AwsException">RepositoryNotFoundException, and the error where there is none.</exception>
    public string Get(RepositoryTable repositories, string name, string? registryId, Caller caller) =>
        Of(repositories.Require(name, registryId, caller)) ?? throw Missing(name, caller.AccountId);

    /// <summary>Takes the document away and gives it a last time.</summary>
    /// <exception cref="AwsException">As <see cref="Get"/>.</exception>
    public string Delete(RepositoryTable repositories, string name, string? registryId, Caller caller)
    {
        var document = Get(repositories, name, registryId, caller);
        repositories.Change(repositories.Require(name, registryId, caller), r => With(r, null), caller);
        return document;
    }
}
