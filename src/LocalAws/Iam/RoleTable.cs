using Slipway.Aws.Iam;
using Slipway.LocalAws.Storage;

namespace Slipway.LocalAws.Iam;

/// <summary>The policies of a role.</summary>
/// <param name="RoleName">The role.</param>
/// <param name="Own">The documents of its own policies by their names.</param>
/// <param name="Attached">The ARNs of its managed policies.</param>
internal sealed record StoredPolicies(string RoleName, Dictionary<string, string> Own, List<string> Attached);

/// <summary>The roles as they are kept, and their policies.</summary>
internal sealed class RoleTable(Database database)
{
    private readonly Table<StoredPolicies> _policies = new(database, "role-policies", p => p.RoleName);

    /// <summary>The roles by name.</summary>
    public Table<Role> Roles { get; } = new(database, "role", r => r.RoleName);

    /// <summary>Changes roles and policies in one transaction.</summary>
    public T Write<T>(Func<T> change) => database.Write(_ => change());

    /// <summary>What a role has.</summary>
    /// <exception cref="Aws.Wire.AwsException">NoSuchEntity: there is no such role.</exception>
    public StoredPolicies PoliciesOf(string roleName) => database.Read(_ => Roles.Find(roleName) is null
        ? throw IamErrors.NoSuchRole(roleName)
        : _policies.Find(roleName) ?? new(roleName, [], []));

    /// <summary>Changes a role's policies in one transaction.</summary>
    /// <exception cref="Aws.Wire.AwsException">NoSuchEntity: there is no such role.</exception>
    public void Change(string roleName, Action<StoredPolicies> change) => Write(() =>
    {
        var policies = PoliciesOf(roleName);
        change(policies);
        _policies.Put(policies);
        return true;
    });
}
