using Slipway.Aws.CodeCommit;
using Slipway.LocalAws.Storage;

namespace Slipway.LocalAws.CodeCommit;

/// <summary>A repository's record; its content is git's.</summary>
/// <param name="RepositoryName">Its name.</param>
/// <param name="RepositoryId">Its id, which it keeps when it is renamed.</param>
/// <param name="Region">The region of the request that made it.</param>
/// <param name="AccountId">Its account.</param>
/// <param name="CreationDate">When it was made.</param>
/// <param name="LastModifiedDate">When its record or one of its references last changed.</param>
/// <param name="Tags">Its tags.</param>
internal sealed record Repository(
    string RepositoryName, string RepositoryId, string Region, string AccountId, DateTimeOffset CreationDate, DateTimeOffset LastModifiedDate,
    IReadOnlyDictionary<string, string> Tags)
{
    public string? RepositoryDescription { get; init; }

    /// <summary>The branch that clones check out; null until there is a first branch. git's HEAD follows it.</summary>
    public string? DefaultBranch { get; init; }

    public string? KmsKeyId { get; init; }

    public string Arn => $"arn:aws:codecommit:{Region}:{AccountId}:{RepositoryName}";
}

/// <summary>The records of the repositories.</summary>
internal sealed class RepositoryStore(Database database, ListeningAddress address)
{
    /// <summary>The records, by name.</summary>
    public Table<Repository> Table { get; } = new(database, "codecommit-repository", r => r.RepositoryName);

    /// <summary>A repository by its name.</summary>
    /// <exception cref="Aws.Wire.AwsException">RepositoryDoesNotExistException.</exception>
    public Repository Require(string name) => Table.Find(name) ?? throw CodeCommitErrors.NoRepository(name);

    /// <summary>A repository by its id, or null.</summary>
    public Repository? OfId(string id) => Table.All().FirstOrDefault(r => r.RepositoryId == id);

    /// <summary>What the API says of a repository. There is no SSH here, so there is no address for it.</summary>
    public RepositoryMetadata Metadata(Repository r) => new(
        r.AccountId, r.RepositoryId, r.RepositoryName, r.Arn, r.CreationDate, r.LastModifiedDate,
        new Uri(address.Endpoint, $"/v1/repos/{r.RepositoryName}").ToString(), r.RepositoryDescription, r.DefaultBranch, r.KmsKeyId);
}
