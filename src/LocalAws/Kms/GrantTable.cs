using Slipway.Aws.Kms;
using Slipway.LocalAws.Storage;

namespace Slipway.LocalAws.Kms;

/// <summary>A grant as it is kept.</summary>
/// <param name="Entry">What ListGrants answers.</param>
/// <param name="Token">The token that stands for it.</param>
internal sealed record StoredGrant(GrantListEntry Entry, string Token);

/// <summary>The grants as they are kept.</summary>
internal sealed class GrantTable(Database database)
{
    private readonly Table<StoredGrant> _grants = new(database, "kms-grant", g => g.Entry.GrantId);

    /// <summary>Every grant, in the order of its id.</summary>
    public List<StoredGrant> All() => _grants.All();

    /// <summary>A grant by its id, or null.</summary>
    public StoredGrant? Find(string id) => _grants.Find(id);

    /// <summary>Adds a grant.</summary>
    public void Add(StoredGrant grant) => _grants.Insert(grant);

    /// <summary>Ends a grant.</summary>
    public void Remove(StoredGrant grant) => _grants.Delete(grant.Entry.GrantId);

    /// <summary>Removes the grants of keys that are gone.</summary>
    /// <param name="keyArns">The keys' ARNs.</param>
    public void Forget(IReadOnlyCollection<string> keyArns)
    {
        foreach (var grant in keyArns.Count == 0 ? [] : All().Where(g => keyArns.Contains(g.Entry.KeyId)))
        {
            Remove(grant);
        }
    }
}
