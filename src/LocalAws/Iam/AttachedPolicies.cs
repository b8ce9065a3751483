using Slipway.Aws.Iam;
using Slipway.LocalAws.Storage;

namespace Slipway.LocalAws.Iam;

/// <summary>
/// AWS's own managed policies of a role: https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-vs-inline.html.
/// Local AWS knows none of their documents and restricts nobody; it keeps which a role has. There are no managed policies of an account's own.
/// </summary>
internal sealed class AttachedPolicies(RoleTable table)
{
    private const string Managed = "arn:aws:iam::aws:policy/";
    private const int DefaultPage = 100;
    private const int MostOfRole = 10;

    public void Attach(AttachRolePolicy request)
    {
        if (!request.PolicyArn.StartsWith(Managed, StringComparison.Ordinal))
        {
            throw IamErrors.NoSuchEntity($"Policy {request.PolicyArn} does not exist or is not attachable.");
        }

        table.Change(request.RoleName, policies =>
        {
            if (policies.Attached.Contains(request.PolicyArn))
            {
                return;
            }

            policies.Attached.Add(request.PolicyArn);
            if (policies.Attached.Count > MostOfRole)
            {
                throw IamErrors.LimitExceeded($"Cannot exceed quota for PoliciesPerRole: {MostOfRole}");
            }
        });
    }

    public void Detach(DetachRolePolicy request) => table.Change(request.RoleName, policies =>
    {
        if (!policies.Attached.Remove(request.PolicyArn))
        {
            throw IamErrors.NoSuchEntity($"Policy {request.PolicyArn} was not found.");
        }
    });

    public ListAttachedRolePolicies.Response List(ListAttachedRolePolicies request)
    {
        var prefix = Managed[..^1] + (request.PathPrefix ?? "/");
        var policies = table.PoliciesOf(request.RoleName).Attached.Where(a => a.StartsWith(prefix, StringComparison.Ordinal))
            .Select(a => new AttachedPolicy(a[(a.LastIndexOf('/') + 1)..], a)).OrderBy(p => p.PolicyName, StringComparer.Ordinal);
        var page = Page.Of(policies, p => p.PolicyArn, request.Marker, request.MaxItems ?? DefaultPage);
        return new(page.Items, page.NextToken is not null, page.NextToken);
    }
}
