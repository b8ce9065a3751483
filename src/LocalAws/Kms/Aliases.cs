using Slipway.Aws.Kms;
using Slipway.Aws.Wire;
using Slipway.LocalAws.Storage;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.Kms;

/// <summary>The names of keys: https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html</summary>
internal sealed class Aliases(Database database, KeyTable keys, TimeProvider time)
{
    private const int DefaultPage = 50;
    private const int MostOfOneKey = 50;

    public void Create(CreateAlias request, Caller caller)
    {
        CheckName(request.AliasName);
        database.Write(_ =>
        {
            var key = Target(request.TargetKeyId, "CreateAlias", caller);
            var now = time.GetUtcNow();
            var arn = caller.Arn("kms", request.AliasName);
            if (!keys.Aliases.Insert(new(request.AliasName, arn, key.KeyId, now, now)))
            {
                throw KmsErrors.AliasExists(arn);
            }

            CheckNumber(key);
        });
    }

    public void Update(UpdateAlias request, Caller caller)
    {
        CheckName(request.AliasName);
        database.Write(_ =>
        {
            var key = Target(request.TargetKeyId, "UpdateAlias", caller);
            if (keys.Aliases.Change(request.AliasName, a => a with { KeyId = key.KeyId, Updated = time.GetUtcNow() }) is null)
            {
                throw KmsErrors.NoAlias(caller.Arn("kms", request.AliasName));
            }

            CheckNumber(key);
        });
    }

    public void Delete(DeleteAlias request, Caller caller)
    {
        CheckName(request.AliasName);
        if (!keys.Aliases.Delete(request.AliasName))
        {
            throw KmsErrors.NoAlias(caller.Arn("kms", request.AliasName));
        }
    }

    public ListAliases.Response List(ListAliases request, Caller caller)
    {
        var id = request.KeyId is { } key ? keys.Require(key, caller).KeyId : null;
        var aliases = keys.Aliases.All().Where(a => id is null ? keys.Find(a.KeyId) is not null : a.KeyId == id)
            .Select(a => new AliasListEntry(a.Name, a.Arn, a.KeyId, a.Created, a.Updated));
        var page = Page.Of(aliases, a => a.AliasName, request.Marker, request.Limit ?? DefaultPage, KmsErrors.InvalidMarker);
        return new(page.Items, page.NextToken is not null, page.NextToken);
    }

    private StoredKey Target(string identifier, string operation, Caller caller) => keys.Require(identifier, caller).Own(operation).NotPending();

    private void CheckNumber(StoredKey key)
    {
        if (keys.Aliases.All().Count(a => a.KeyId == key.KeyId) > MostOfOneKey)
        {
            throw KmsErrors.LimitExceeded($"{key.Arn} has {MostOfOneKey} aliases, which is the most that a key may have.");
        }
    }

    private static void CheckName(string name)
    {
        if (!name.StartsWith("alias/", StringComparison.Ordinal) || name.Length == "alias/".Length)
        {
            throw AwsErrors.Validation($"Invalid identifier: the alias name {name} must start with alias/ and go on with a name.");
        }

        if (name.Contains(':', StringComparison.Ordinal))
        {
            throw AwsErrors.Validation($"{name} contains invalid characters for an alias");
        }

        if (name.StartsWith("alias/aws/", StringComparison.Ordinal))
        {
            throw new AwsException("NotAuthorizedException", System.Net.HttpStatusCode.BadRequest, $"{name}: aliases that start with alias/aws/ are AWS's own.");
        }
    }
}
