using Slipway.Aws.Kms;
using Slipway.Aws.Wire;
using Slipway.LocalAws.Storage;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.Kms;

/// <summary>The keys and their aliases as they are kept, and how a request names one.</summary>
internal sealed class KeyTable(Database database, KeyMaterials materials, TimeProvider time)
{
    private const string AliasPrefix = "alias/";
    private const int DaysOfManagedKeys = 365;

    /// <summary>The services of local AWS that encrypt with a key of AWS's own where no other is named, made when it is first asked for.</summary>
    private static readonly Dictionary<string, string> ManagedKeys = new()
    {
        ["alias/aws/ecr"] = "Default key that protects my ECR repository data when no other key is defined",
        ["alias/aws/s3"] = "Default key that protects my S3 objects when no other key is defined",
        ["alias/aws/sns"] = "Default key that protects my SNS data when no other key is defined",
        ["alias/aws/sqs"] = "Default key that protects my SQS messages when no other key is defined",
        ["alias/aws/ssm"] = "Default key that protects my SSM parameters when no other key is defined",
    };

    private readonly Table<StoredKey> _keys = new(database, "kms-key", k => k.KeyId);

    /// <summary>The aliases.</summary>
    public Table<StoredAlias> Aliases { get; } = new(database, "kms-alias", a => a.Name);

    /// <summary>Every key that is not gone, in the order of its id.</summary>
    public List<StoredKey> All() => [.. _keys.All().Where(IsThere)];

    /// <summary>A key by its id, or null.</summary>
    public StoredKey? Find(string keyId) => _keys.Find(keyId) is { } key && IsThere(key) ? key : null;

    /// <summary>Adds a key.</summary>
    public StoredKey Add(Caller caller, string description, string? policy, IReadOnlyDictionary<string, string> tags, bool isManaged = false) => database.Write(_ =>
    {
        var id = Guid.NewGuid().ToString();
        var now = time.GetUtcNow();
        var key = new StoredKey(
            id, caller.Arn("kms", "key/" + id), now, description, KeyState.Enabled, policy ?? KeyPolicies.Default(caller.AccountId), tags, [materials.Make(id)],
            isManaged, isManaged ? DaysOfManagedKeys : null, isManaged ? now.AddDays(DaysOfManagedKeys) : null);
        _keys.Insert(key);
        return key;
    });

    /// <summary>A key by its id or ARN; an alias does not name it here.</summary>
    /// <exception cref="AwsException">NotFoundException.</exception>
    public StoredKey Require(string identifier, Caller caller)
    {
        var id = identifier;
        if (identifier.StartsWith("arn:", StringComparison.Ordinal))
        {
            var at = identifier.IndexOf(":key/", StringComparison.Ordinal);
            id = at > 0 ? identifier[(at + ":key/".Length)..] : throw KmsErrors.InvalidKeyId(identifier);
        }

        if (!Guid.TryParseExact(id, "D", out _))
        {
            throw KmsErrors.InvalidKeyId(identifier);
        }

        return Find(id) is { } key && (identifier == id || identifier == key.Arn)
            ? key
            : throw KmsErrors.NoKey(identifier == id ? caller.Arn("kms", "key/" + id) : identifier);
    }

    /// <summary>A key by its id, ARN, alias or alias's ARN.</summary>
    /// <exception cref="AwsException">NotFoundException.</exception>
    public StoredKey Resolve(string identifier, Caller caller)
    {
        var at = identifier.StartsWith("arn:", StringComparison.Ordinal) ? identifier.IndexOf(":" + AliasPrefix, StringComparison.Ordinal) + 1 : 0;
        var name = identifier[at..];
        if (!name.StartsWith(AliasPrefix, StringComparison.Ordinal))
        {
            return Require(identifier, caller);
        }

        var alias = Aliases.Find(name) ?? MakeManaged(name, caller);
        return alias is not null && (at == 0 || alias.Arn == identifier) && Find(alias.KeyId) is { } key
            ? key
            : throw KmsErrors.NoAlias(at == 0 ? caller.Arn("kms", name) : identifier);
    }

    /// <summary>Changes a key in one transaction; the change sees it as it is then.</summary>
    /// <exception cref="AwsException">NotFoundException.</exception>
    public StoredKey Change(string identifier, Caller caller, Func<StoredKey, StoredKey> change) => database.Write(_ =>
    {
        var changed = change(Require(identifier, caller));
        _keys.Update(changed);
        return changed;
    });

    /// <summary>Puts a key in the place of the one with its id. Call it in the transaction that read it.</summary>
    public void Update(StoredKey key) => _keys.Update(key);

    /// <summary>Removes the keys whose deletion date has come, with their materials and aliases, and gives their ARNs.</summary>
    public List<string> RemoveDue() => database.Write(_ =>
    {
        var due = _keys.All().Where(k => !IsThere(k)).ToList();
        foreach (var key in due)
        {
            foreach (var alias in Aliases.All().Where(a => a.KeyId == key.KeyId))
            {
                Aliases.Delete(alias.Name);
            }

            _keys.Delete(key.KeyId);
        }

        return due.ConvertAll(k => k.Arn);
    });

    private bool IsThere(StoredKey key) => key.DeletionDate is not { } date || date > time.GetUtcNow();

    private StoredAlias? MakeManaged(string name, Caller caller) => !ManagedKeys.TryGetValue(name, out var description) ? null : database.Write(_ =>
    {
        if (Aliases.Find(name) is { } made)
        {
            return made;
        }

        var key = Add(caller, description, null, new Dictionary<string, string>(), isManaged: true);
        var alias = new StoredAlias(name, caller.Arn("kms", name), key.KeyId, key.Created, key.Created);
        Aliases.Insert(alias);
        return alias;
    });
}
