using Slipway.Aws.Ecr;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.Ecr;

/// <summary>Repository policies: https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policies.html. They are kept and given back; local AWS restricts nobody.</summary>
internal sealed class RepositoryPolicies(RepositoryTable repositories)
{
    private static readonly RepositoryDocument Policy = new(r => r.Policy, (r, policy) => r with { Policy = policy }, EcrErrors.NoPolicy);

    public SetRepositoryPolicy.Response Set(SetRepositoryPolicy request, Caller caller)
    {
        JsonText.CheckPolicy(request.PolicyText, why => EcrErrors.Invalid("PolicyText", $"Invalid repository policy provided: it {why}"));
        Policy.Put(repositories, request.RepositoryName, request.RegistryId, request.PolicyText, caller);
        return new(caller.AccountId, request.RepositoryName, request.PolicyText);
    }

    public GetRepositoryPolicy.Response Get(GetRepositoryPolicy request, Caller caller) =>
        new(caller.AccountId, request.RepositoryName, Policy.Get(repositories, request.RepositoryName, request.RegistryId, caller));

    public DeleteRepositoryPolicy.Response Delete(DeleteRepositoryPolicy request, Caller caller) =>
        new(caller.AccountId, request.RepositoryName, Policy.Delete(repositories, request.RepositoryName, request.RegistryId, caller));
}
