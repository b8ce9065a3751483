using Slipway.Aws.Kms;
using Slipway.LocalAws.Storage;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.Kms;

/// <summary>The rotation of keys' material: https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html. Older materials stay, to decrypt what they encrypted.</summary>
internal sealed class KeyRotations(KeyTable keys, KeyMaterials materials, KeySchedule schedule, TimeProvider time)
{
    private const int DefaultDays = 365;
    private const int DefaultPage = 100;
    private const int MostOnDemand = 25;
    private const string OnDemand = "ON_DEMAND";

    public void Enable(EnableKeyRotation request, Caller caller)
    {
        var days = request.RotationPeriodInDays ?? DefaultDays;
        keys.Change(request.KeyId, caller, k => k.Own("EnableKeyRotation").Usable() with { RotationDays = days, NextRotation = time.GetUtcNow().AddDays(days) });
        schedule.Changed();
    }

    public void Disable(DisableKeyRotation request, Caller caller) =>
        keys.Change(request.KeyId, caller, k => k.Own("DisableKeyRotation").Usable() with { RotationDays = null, NextRotation = null });

    public GetKeyRotationStatus.Response Status(GetKeyRotationStatus request, Caller caller)
    {
        var key = keys.Require(request.KeyId, caller);
        return key is { NextRotation: { } next, State: not KeyState.PendingDeletion }
            ? new(true, key.Arn, key.RotationDays, next)
            : new(false, key.Arn);
    }

    public RotateKeyOnDemand.Response Rotate(RotateKeyOnDemand request, Caller caller) => new(keys.Change(request.KeyId, caller, k =>
        k.Own("RotateKeyOnDemand").Usable().Materials.Count(m => m.RotationType == OnDemand) < MostOnDemand
            ? k with { Materials = [.. k.Materials, materials.Make(k.KeyId, OnDemand)] }
            : throw KmsErrors.LimitExceeded($"{k.Arn} was rotated on demand {MostOnDemand} times, which is the most that a key may be.")).Arn);

    public ListKeyRotations.Response List(ListKeyRotations request, Caller caller)
    {
        var key = keys.Require(request.KeyId, caller);
        var rotations = key.Materials.Where(m => request.IncludeKeyMaterial == "ALL_KEY_MATERIAL" || m.RotationType is not null)
            .Select(m => new RotationsListEntry(
                key.KeyId, m.Id, m == key.Current ? "CURRENT" : "NON_CURRENT", m.RotationType is null ? null : m.Made, m.RotationType));
        var page = Page.Of(rotations, r => r.KeyMaterialId, request.Marker, request.Limit ?? DefaultPage, KmsErrors.InvalidMarker);
        return new(page.Items, page.NextToken is not null, page.NextToken);
    }
}
