using System.Text.Json;
using Slipway.Aws.Ecr;
using Slipway.Aws.Wire;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.Ecr;

/// <summary>Lifecycle policies: https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html. They are kept and given back, and expire nothing.</summary>
internal sealed class LifecyclePolicies(RepositoryTable repositories)
{
    private static readonly RepositoryDocument Policy = new(r => r.LifecyclePolicy, (r, policy) => r with { LifecyclePolicy = policy }, EcrErrors.NoLifecyclePolicy);

    public PutLifecyclePolicy.Response Put(PutLifecyclePolicy request, Caller caller)
    {
        Check(request.LifecyclePolicyText);
        Policy.Put(repositories, request.RepositoryName, request.RegistryId, request.LifecyclePolicyText, caller);
        return new(caller.AccountId, request.RepositoryName, request.LifecyclePolicyText);
    }

    public GetLifecyclePolicy.Response Get(GetLifecyclePolicy request, Caller caller) =>
        new(caller.AccountId, request.RepositoryName, Policy.Get(repositories, request.RepositoryName, request.RegistryId, caller));

    public DeleteLifecyclePolicy.Response Delete(DeleteLifecyclePolicy request, Caller caller) =>
        new(caller.AccountId, request.RepositoryName, Policy.Delete(repositories, request.RepositoryName, request.RegistryId, caller));

    private static void Check(string policy)
    {
        if (JsonText.Read(policy, Invalid) is not { ValueKind: JsonValueKind.Object } read || !read.TryGetProperty("rules", out var rules)
            || rules.ValueKind != JsonValueKind.Array || rules.GetArrayLength() == 0)
        {
            throw Invalid("must be a JSON object with a list of rules");
        }

        var all = rules.EnumerateArray().ToList();
        foreach (var (number, rule) in all.Index())
        {
            if (LifecycleRule.Fault(rule) is { } fault)
            {
                throw Invalid($"has a rule, number {number + 1}, that {fault}");
            }
        }

        if (all.DistinctBy(LifecycleRule.Priority).Count() != all.Count)
        {
            throw Invalid("has two rules with the same rulePriority");
        }

        if (all.Where(LifecycleRule.SelectsAny).Any(any => all.Exists(other => LifecycleRule.Priority(other) > LifecycleRule.Priority(any))))
        {
            throw Invalid("has a rule with the tagStatus any whose rulePriority is not the highest");
        }
    }

    private static AwsException Invalid(string why) => EcrErrors.Invalid("LifecyclePolicyText", $"Lifecycle policy validation failure: it {why}");
}
