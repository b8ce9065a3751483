using Slipway.Aws.Ssm;
using Slipway.Aws.Wire;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.Ssm;

/// <summary>Parameters made, overwritten and deleted: https://docs.aws.amazon.com/systems-manager/latest/userguide/systems-manager-parameter-store.html</summary>
internal sealed class Parameters(ParameterStore store, SecureStrings secure, ParameterTags tags, TimeProvider time)
{
    private const int MostVersions = 100;

    public PutParameter.Response Put(PutParameter request, Caller caller)
    {
        ParameterName.Check(request.Name, caller);
        if (request is { Overwrite: true, Tags.Count: > 0 })
        {
            throw AwsErrors.Validation(
                "Invalid request: tags and overwrite can't be used together. To create a parameter with tags, please remove overwrite flag. To update tags for an existing parameter, please use AddTagsToResource or RemoveTagsFromResource.");
        }

        return store.Write(() =>
        {
            var last = store.Newest(request.Name);
            if ((last is not null && request.Overwrite != true) || store.Newest(ParameterName.Twin(request.Name)) is not null)
            {
                throw SsmErrors.Exists();
            }

            var next = Next(request, last, caller);
            MakeRoom(request.Name);
            store.Add(next);
            tags.Put(request.Name, request.Tags ?? []);
            return new PutParameter.Response(next.Version, next.Tier);
        });
    }

    public DeleteParameter.Response Delete(DeleteParameter request) =>
        store.Remove(request.Name) ? new() : throw SsmErrors.NotFound(request.Name);

    public DeleteParameters.Response Delete(DeleteParameters request) => store.Write(() =>
    {
        var found = request.Names.Distinct().ToLookup(n => store.Remove(n));
        return new DeleteParameters.Response([.. found[true]], [.. found[false]]);
    });

    /// <summary>The version that a request makes; what it does not say stays as it was. The type may be another, as AWS has it too, whatever its HierarchyTypeMismatchException says.</summary>
    private StoredParameter Next(PutParameter request, StoredParameter? last, Caller caller)
    {
        var type = request.Type ?? last?.Type ?? throw AwsErrors.Validation("A parameter type is required when you create a parameter.");
        if (request.KeyId is not null && type != "SecureString")
        {
            throw AwsErrors.Validation("KeyId is required for SecureString type parameter only.");
        }

        var pattern = request.AllowedPattern ?? last?.AllowedPattern;
        ParameterRules.CheckValue(request.Value);
        ParameterRules.CheckPattern(request.Value, pattern);
        var dataType = request.DataType ?? last?.DataType ?? "text";
        ParameterRules.CheckDataType(dataType);
        var key = type == "SecureString" ? request.KeyId ?? last?.KeyId ?? SecureStrings.DefaultKey : null;
        var arn = last?.Arn ?? ParameterName.Arn(request.Name, caller);
        return new(
            request.Name, arn, (last?.Version ?? 0) + 1, type, key is null ? request.Value : secure.Seal(request.Value, key, arn, caller), time.GetUtcNow(),
            caller.Identity.Arn, ParameterRules.Tier(request.Tier, last?.Tier, request.Value), dataType, key,
            request.Description ?? last?.Description, pattern);
    }

    private void MakeRoom(string name)
    {
        var versions = store.Versions(name);
        if (versions.Count >= MostVersions)
        {
            var oldest = versions[0].Version;
            if (store.Labels(name).Any(l => l.Version == oldest))
            {
                throw SsmErrors.TooManyVersions(name, oldest);
            }

            store.Remove(name, oldest);
        }
    }
}
