using Slipway.Aws.Ecr;
using Slipway.Aws.Wire;
using Slipway.LocalAws.Storage;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.Ecr;

/// <summary>A repository as it is kept.</summary>
/// <param name="Description">What DescribeRepositories answers.</param>
/// <param name="Tags">Its tags.</param>
/// <param name="Policy">Its policy's JSON, as it came, or null.</param>
/// <param name="LifecyclePolicy">Its lifecycle policy's JSON, as it came, or null.</param>
internal sealed record StoredRepository(Repository Description, IReadOnlyDictionary<string, string> Tags, string? Policy = null, string? LifecyclePolicy = null);

/// <summary>The repositories as they are kept, and how a request names one.</summary>
internal sealed class RepositoryTable(Database database)
{
    private readonly Table<StoredRepository> _repositories = new(database, "ecr-repository", r => r.Description.RepositoryName);

    /// <summary>Every repository in the order of its name.</summary>
    public List<StoredRepository> All() => _repositories.All();

    /// <summary>Adds a repository; false where the name is taken.</summary>
    public bool Insert(StoredRepository repository) => _repositories.Insert(repository);

    /// <summary>A repository by its name.</summary>
    /// <exception cref="AwsException">RepositoryNotFoundException.</exception>
    public StoredRepository Require(string name, string? registryId, Caller caller)
    {
        var registry = registryId ?? caller.AccountId;
        return registry == caller.AccountId && _repositories.Find(name) is { } repository ? repository : throw EcrErrors.NoRepository(name, registry);
    }

    /// <summary>A repository by its ARN.</summary>
    /// <exception cref="AwsException">InvalidParameterException or RepositoryNotFoundException.</exception>
    public StoredRepository RequireArn(string arn, Caller caller)
    {
        const string marker = ":repository/";
        var at = arn.StartsWith("arn:", StringComparison.Ordinal) ? arn.IndexOf(marker, StringComparison.Ordinal) : -1;
        if (at < 0)
        {
            throw EcrErrors.Invalid("resourceArn", "must be the ARN of a repository");
        }

        var name = arn[(at + marker.Length)..];
        return _repositories.Find(name) is { } repository && repository.Description.RepositoryArn == arn ? repository : throw EcrErrors.NoRepository(name, caller.AccountId);
    }

    /// <summary>Changes a repository in one transaction; the change sees it as it is then.</summary>
    public StoredRepository Change(StoredRepository repository, Func<StoredRepository, StoredRepository> change, Caller caller)
    {
        var name = repository.Description.RepositoryName;
        return _repositories.Change(name, change) ?? throw EcrErrors.NoRepository(name, caller.AccountId);
    }

    /// <summary>Removes a repository; false where there is none.</summary>
    public bool Delete(string name) => _repositories.Delete(name);
}
