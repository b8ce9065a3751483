using System.Text.Json;
using Slipway.Aws.Ecr;
using Slipway.Aws.Wire;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.Ecr;

/// <summary>Lifecycle policies: https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html. They are kept and given back, and expire nothing.</summary>
internal sealed class LifecyclePolicies(RepositoryTable repositories)
{
    public PutLifecyclePolicy.Response Put(PutLifecyclePolicy request, Caller caller)
    {
        Check(request.LifecyclePolicyText);
        var repository = repositories.Require(request.RepositoryName, request.RegistryId, caller);
        repositories.Change(repository, r => r with { LifecyclePolicy = request.LifecyclePolicyText }, caller);
        return new(caller.AccountId, request.RepositoryName, request.LifecyclePolicyText);
    }

    public GetLifecyclePolicy.Response Get(GetLifecyclePolicy request, Caller caller) =>
        new(caller.AccountId, request.RepositoryName, Require(repositories.Require(request.RepositoryName, request.RegistryId, caller)));

    public DeleteLifecyclePolicy.Response Delete(DeleteLifecyclePolicy request, Caller caller)
    {
        var repository = repositories.Require(request.RepositoryName, request.RegistryId, caller);
        var policy = Require(repository);
        repositories.Change(repository, r => r with { LifecyclePolicy = null }, caller);
        return new(caller.AccountId, request.RepositoryName, policy);
    }

    private static string Require(StoredRepository repository) =>
        repository.LifecyclePolicy ?? throw EcrErrors.NoLifecyclePolicy(repository.Description.RepositoryName, repository.Description.RegistryId);

    private static void Check(string policy)
    {
        try
        {
            using var document = JsonDocument.Parse(policy);
            if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty("rules", out var rules)
                || rules.ValueKind != JsonValueKind.Array || rules.GetArrayLength() == 0)
            {
                throw Invalid("it must be a JSON object with a list of rules");
            }

            var priorities = rules.EnumerateArray().Select(Priority).ToList();
            if (priorities.Count != priorities.Distinct().Count())
            {
                throw Invalid("two rules have the same rulePriority");
            }
        }
        catch (JsonException e)
        {
            throw Invalid($"it isn't JSON, line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}");
        }
    }

    private static int Priority(JsonElement rule) =>
        rule.ValueKind == JsonValueKind.Object && rule.TryGetProperty("rulePriority", out var priority) && priority.ValueKind == JsonValueKind.Number && priority.TryGetInt32(out var number)
            && rule.TryGetProperty("selection", out _) && rule.TryGetProperty("action", out _)
            ? number
            : throw Invalid("each rule needs a rulePriority that is a whole number, a selection and an action");

    private static AwsException Invalid(string why) => EcrErrors.Invalid("LifecyclePolicyText", $"Lifecycle policy validation failure: {why}");
}
