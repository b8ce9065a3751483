using System.Security.Cryptography;
using Slipway.Aws.Kms;
using Slipway.Aws.Wire;
using Slipway.LocalAws.Storage;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.Kms;

/// <summary>Grants, as records: https://docs.aws.amazon.com/kms/latest/developerguide/grants.html. Local AWS restricts nobody, so a grant allows nothing that was not allowed.</summary>
internal sealed class Grants(Database database, KeyTable keys, GrantTable grants, TimeProvider time)
{
    private const int DefaultPage = 50;
    private const int MostOfOneKey = 50_000;

    public CreateGrant.Response Create(CreateGrant request, Caller caller)
    {
        CheckGrant(request);
        return database.Write(_ =>
        {
            var key = keys.Require(request.KeyId, caller).Own("CreateGrant").Usable();
            KmsRequests.StopDryRun(request.DryRun);
            var others = grants.All().Where(g => g.Entry.KeyId == key.Arn).ToList();
            if (request.Name is not null && others.FirstOrDefault(g => IsSame(g.Entry, request)) is { } same)
            {
                return new CreateGrant.Response(same.Token, same.Entry.GrantId);
            }

            if (others.Count >= MostOfOneKey)
            {
                throw KmsErrors.LimitExceeded($"{key.Arn} has {MostOfOneKey} grants, which is the most that a key may have.");
            }

            var made = new StoredGrant(
                new(
                    key.Arn, RandomNumberGenerator.GetHexString(64, lowercase: true), time.GetUtcNow(), request.GranteePrincipal, $"arn:aws:iam::{caller.AccountId}:root",
                    request.Operations, request.Name, request.RetiringPrincipal, request.Constraints),
                Convert.ToBase64String(RandomNumberGenerator.GetBytes(96)));
            grants.Add(made);
            return new CreateGrant.Response(made.Token, made.Entry.GrantId);
        });
    }

    public ListGrants.Response List(ListGrants request, Caller caller)
    {
        var arn = keys.Require(request.KeyId, caller).Arn;
        var page = Pages(
            g => g.KeyId == arn && (request.GrantId is null || g.GrantId == request.GrantId)
                && (request.GranteePrincipal is null || g.GranteePrincipal == request.GranteePrincipal),
            request.Marker, request.Limit);
        return new(page.Items, page.NextToken is not null, page.NextToken);
    }

    public ListRetirableGrants.Response ListRetirable(ListRetirableGrants request)
    {
        var page = Pages(g => g.RetiringPrincipal == request.RetiringPrincipal, request.Marker, request.Limit);
        return new(page.Items, page.NextToken is not null, page.NextToken);
    }

    public void Retire(RetireGrant request, Caller caller)
    {
        if (request.GrantToken is null == (request.KeyId is null || request.GrantId is null))
        {
            throw AwsErrors.Validation("A grant is named by its GrantToken, or else by its KeyId and its GrantId.");
        }

        End(() => request.GrantToken is { } token
            ? grants.All().FirstOrDefault(g => g.Token == token) ?? throw KmsErrors.InvalidGrantToken()
            : OfKey(request.KeyId!, request.GrantId!, caller), request.DryRun);
    }

    public void Revoke(RevokeGrant request, Caller caller) => End(() => OfKey(request.KeyId, request.GrantId, caller), request.DryRun);

    private void End(Func<StoredGrant> find, bool? dryRun) => database.Write(_ =>
    {
        var grant = find();
        KmsRequests.StopDryRun(dryRun);
        grants.Remove(grant);
    });

    private StoredGrant OfKey(string key, string grantId, Caller caller)
    {
        var arn = keys.Require(key, caller).Arn;
        return grants.Find(grantId) is { } grant && grant.Entry.KeyId == arn ? grant : throw KmsErrors.NoGrant(grantId);
    }

    private Page<GrantListEntry> Pages(Func<GrantListEntry, bool> where, string? marker, int? limit) =>
        Page.Of(grants.All().Select(g => g.Entry).Where(where), g => g.GrantId, marker, limit ?? DefaultPage, KmsErrors.InvalidMarker);

    private static void CheckGrant(CreateGrant request)
    {
        if (request.Operations.Count == 0)
        {
            throw AwsErrors.Validation("A grant must name at least one operation.");
        }

        var asymmetric = request.Operations.Except([
            "Decrypt", "Encrypt", "GenerateDataKey", "GenerateDataKeyWithoutPlaintext", "ReEncryptFrom", "ReEncryptTo", "CreateGrant", "RetireGrant", "DescribeKey",
            "GenerateDataKeyPair", "GenerateDataKeyPairWithoutPlaintext",
        ]).FirstOrDefault();
        if (asymmetric is not null)
        {
            throw AwsErrors.Validation($"Grant operation {asymmetric} is not supported for key spec SYMMETRIC_DEFAULT.");
        }
    }

    private static bool IsSame(GrantListEntry grant, CreateGrant request) =>
        grant.Name == request.Name && grant.GranteePrincipal == request.GranteePrincipal && grant.RetiringPrincipal == request.RetiringPrincipal
        && grant.Operations.ToHashSet().SetEquals(request.Operations)
        && IsSame(grant.Constraints?.EncryptionContextEquals, request.Constraints?.EncryptionContextEquals)
        && IsSame(grant.Constraints?.EncryptionContextSubset, request.Constraints?.EncryptionContextSubset);

    private static bool IsSame(IReadOnlyDictionary<string, string>? one, IReadOnlyDictionary<string, string>? other) =>
        SealedBox.Canonical([], one).AsSpan().SequenceEqual(SealedBox.Canonical([], other));
}
