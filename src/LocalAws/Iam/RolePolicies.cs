using Slipway.Aws.Iam;
using Slipway.LocalAws.Storage;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.Iam;

/// <summary>Policies of a role's own (inline): https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-vs-inline.html. They are kept and given back; local AWS restricts nobody.</summary>
internal sealed class RolePolicies(RoleTable table)
{
    private const int DefaultPage = 100;
    private const int MostOfAll = 10240;

    public void Put(PutRolePolicy request)
    {
        JsonText.CheckPolicy(request.PolicyDocument, why => IamErrors.MalformedPolicy($"The policy {why}"));
        table.Change(request.RoleName, policies =>
        {
            policies.Own[request.PolicyName] = request.PolicyDocument;
            // white space does not count
            if (policies.Own.Values.Sum(p => p.Count(c => !char.IsWhiteSpace(c))) > MostOfAll)
            {
                throw IamErrors.LimitExceeded($"Maximum policy size of {MostOfAll} bytes exceeded for role {request.RoleName}");
            }
        });
    }

    public GetRolePolicy.Response Get(GetRolePolicy request) => table.PoliciesOf(request.RoleName).Own.TryGetValue(request.PolicyName, out var document)
        ? new(request.RoleName, request.PolicyName, Uri.EscapeDataString(document))
        : throw NoSuchPolicy(request.PolicyName);

    public ListRolePolicies.Response List(ListRolePolicies request)
    {
        var page = Page.Of(table.PoliciesOf(request.RoleName).Own.Keys.Order(StringComparer.Ordinal), n => n, request.Marker, request.MaxItems ?? DefaultPage);
        return new(page.Items, page.NextToken is not null, page.NextToken);
    }

    public void Delete(DeleteRolePolicy request) => table.Change(request.RoleName, policies =>
    {
        if (!policies.Own.Remove(request.PolicyName))
        {
            throw NoSuchPolicy(request.PolicyName);
        }
    });

    private static Aws.Wire.AwsException NoSuchPolicy(string name) => IamErrors.NoSuchEntity($"The role policy with name {name} cannot be found.");
}
