using Slipway.Aws.Kms;
using Slipway.Aws.Wire;
using Slipway.LocalAws.Storage;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.Kms;

/// <summary>KMS's keys: https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#kms_keys. They are symmetric, with material of KMS's own.</summary>
internal sealed class Keys(KeyTable keys, KeySchedule schedule)
{
    private const string Symmetric = "SYMMETRIC_DEFAULT";
    private const int DefaultPage = 100;

    public CreateKey.Response Create(CreateKey request, Caller caller)
    {
        CheckKind(request);
        if (request.Policy is { } policy)
        {
            KeyPolicies.Check(policy);
        }

        var tags = KeyTags.Put(new Dictionary<string, string>(), request.Tags ?? []);
        return new(keys.Add(caller, request.Description ?? "", request.Policy, tags).Metadata(caller.AccountId));
    }

    public DescribeKey.Response Describe(DescribeKey request, Caller caller) => new(keys.Resolve(request.KeyId, caller).Metadata(caller.AccountId));

    public ListKeys.Response List(ListKeys request)
    {
        var page = Page.Of(keys.All(), k => k.KeyId, request.Marker, request.Limit ?? DefaultPage, KmsErrors.InvalidMarker);
        return new([.. page.Items.Select(k => new KeyListEntry(k.KeyId, k.Arn))], page.NextToken is not null, page.NextToken);
    }

    public void Enable(EnableKey request, Caller caller)
    {
        keys.Change(request.KeyId, caller, k => k.Own("EnableKey").NotPending() with { State = KeyState.Enabled });
        // a rotation whose date came while the key was disabled is made up for
        schedule.Changed();
    }

    public void Disable(DisableKey request, Caller caller) =>
        keys.Change(request.KeyId, caller, k => k.Own("DisableKey").NotPending() with { State = KeyState.Disabled });

    public void UpdateDescription(UpdateKeyDescription request, Caller caller) =>
        keys.Change(request.KeyId, caller, k => k.Own("UpdateKeyDescription").NotPending() with { Description = request.Description });

    private static void CheckKind(CreateKey request)
    {
        if (request is { KeySpec: { } one, CustomerMasterKeySpec: { } other } && one != other)
        {
            throw AwsErrors.Validation("You cannot specify both KeySpec and CustomerMasterKeySpec in the same request. CustomerMasterKeySpec is deprecated.");
        }

        if ((request.KeySpec ?? request.CustomerMasterKeySpec ?? Symmetric) is not Symmetric and var spec)
        {
            throw AwsErrors.NotImplemented($"CreateKey.KeySpec {spec}: its keys are symmetric, {Symmetric}");
        }

        if (request.KeyUsage is not (null or "ENCRYPT_DECRYPT"))
        {
            throw AwsErrors.Validation($"KeyUsage {request.KeyUsage} is not compatible with KeySpec {Symmetric}");
        }

        if (request.Origin is not (null or "AWS_KMS"))
        {
            throw AwsErrors.NotImplemented($"CreateKey.Origin {request.Origin}: the material of its keys is its own, AWS_KMS");
        }

        if (request.MultiRegion == true)
        {
            throw AwsErrors.NotImplemented("CreateKey.MultiRegion");
        }
    }
}
