using System.Text.Json;
using Slipway.Aws.Ecr;
using Slipway.Aws.Wire;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.Ecr;

/// <summary>Repository policies: https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policies.html. They are kept and given back; local AWS restricts nobody.</summary>
internal sealed class RepositoryPolicies(RepositoryTable repositories)
{
    public SetRepositoryPolicy.Response Set(SetRepositoryPolicy request, Caller caller)
    {
        Check(request.PolicyText);
        var repository = repositories.Require(request.RepositoryName, request.RegistryId, caller);
        repositories.Change(repository, r => r with { Policy = request.PolicyText }, caller);
        return new(caller.AccountId, request.RepositoryName, request.PolicyText);
    }

    public GetRepositoryPolicy.Response Get(GetRepositoryPolicy request, Caller caller) =>
        new(caller.AccountId, request.RepositoryName, Require(repositories.Require(request.RepositoryName, request.RegistryId, caller)));

    public DeleteRepositoryPolicy.Response Delete(DeleteRepositoryPolicy request, Caller caller)
    {
        var repository = repositories.Require(request.RepositoryName, request.RegistryId, caller);
        var policy = Require(repository);
        repositories.Change(repository, r => r with { Policy = null }, caller);
        return new(caller.AccountId, request.RepositoryName, policy);
    }

    private static string Require(StoredRepository repository) =>
        repository.Policy ?? throw EcrErrors.NoPolicy(repository.Description.RepositoryName, repository.Description.RegistryId);

    private static void Check(string policy)
    {
        try
        {
            using var document = JsonDocument.Parse(policy);
            if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty("Statement", out _))
            {
                throw EcrErrors.Invalid("PolicyText", "Invalid repository policy provided: it must be a JSON object with a Statement");
            }
        }
        catch (JsonException e)
        {
            throw EcrErrors.Invalid("PolicyText", $"Invalid repository policy provided: it isn't JSON, line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}");
        }
    }
}
