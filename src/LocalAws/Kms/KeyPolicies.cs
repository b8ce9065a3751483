using Slipway.Aws.Kms;
using Slipway.Aws.Wire;
using Slipway.LocalAws.Storage;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.Kms;

/// <summary>Key policies: https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html. They are kept and given back; local AWS restricts nobody.</summary>
internal sealed class KeyPolicies(KeyTable keys)
{
    private const string OnlyName = "default";
    private const int LongestPolicy = 32768;

    public GetKeyPolicy.Response Get(GetKeyPolicy request, Caller caller)
    {
        var key = keys.Require(request.KeyId, caller);
        CheckName(request.PolicyName);
        return new(key.Policy, OnlyName);
    }

    public void Put(PutKeyPolicy request, Caller caller)
    {
        CheckName(request.PolicyName);
        Check(request.Policy);
        keys.Change(request.KeyId, caller, k => k.Own("PutKeyPolicy") with { Policy = request.Policy });
    }

    public ListKeyPolicies.Response List(ListKeyPolicies request, Caller caller)
    {
        keys.Require(request.KeyId, caller);
        var page = Page.Of([OnlyName], n => n, request.Marker, request.Limit ?? 1, KmsErrors.InvalidMarker);
        return new(page.Items, page.NextToken is not null, page.NextToken);
    }

    /// <summary>The policy of a key that came with none: the account may do everything.</summary>
    public static string Default(string accountId) => $$"""
        {
          "Version" : "2012-10-17",
          "Id" : "key-default-1",
          "Statement" : [ {
            "Sid" : "Enable IAM User Permissions",
            "Effect" : "Allow",
            "Principal" : {
              "AWS" : "arn:aws:iam::{{accountId}}:root"
            },
            "Action" : "kms:*",
            "Resource" : "*"
          } ]
        }
        """;

    /// <summary>Checks that a policy is a JSON object with statements, and not too long.</summary>
    /// <exception cref="AwsException">MalformedPolicyDocumentException or LimitExceededException.</exception>
    public static void Check(string policy)
    {
        if (policy.Length > LongestPolicy)
        {
            throw KmsErrors.LimitExceeded($"The key policy has {policy.Length} characters; {LongestPolicy} are allowed.");
        }

        JsonText.CheckPolicy(policy, why => KmsErrors.MalformedPolicy($"The key policy {why}"));
    }

    private static void CheckName(string? name)
    {
        if (name is not (null or OnlyName))
        {
            throw KmsErrors.NoPolicy();
        }
    }
}
