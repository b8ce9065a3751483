using System.Globalization;
using Slipway.Aws.Iam;
using Slipway.Aws.Wire;
using Slipway.LocalAws.Storage;

namespace Slipway.LocalAws.Iam;

/// <summary>What principals may do. Local AWS restricts nobody, so that is everything: it is the truth here, and tells nothing of AWS.</summary>
internal sealed class PolicySimulations(RoleTable roles, UserTable users)
{
    private const int DefaultPage = 100;

    public SimulatePrincipalPolicy.Response Simulate(SimulatePrincipalPolicy request)
    {
        Require(request.PolicySourceArn);
        var results = from action in request.ActionNames.Distinct().Order(StringComparer.Ordinal)
                      from resource in (request.ResourceArns ?? ["*"]).Distinct().Order(StringComparer.Ordinal)
                      select new EvaluationResult(action, "allowed", resource);
        // a marker that named its result by action and resource could be longer than IAM's are
        var page = Page.Of(results.Index(), r => r.Index.ToString(CultureInfo.InvariantCulture), request.Marker, request.MaxItems ?? DefaultPage);
        return new([.. page.Items.Select(r => r.Item)], page.NextToken is not null, page.NextToken);
    }

    /// <exception cref="AwsException">NoSuchEntity: neither a role nor a user has this ARN.</exception>
    private void Require(string arn)
    {
        var name = arn[(arn.LastIndexOf('/') + 1)..];
        if (roles.Roles.Find(name)?.Arn != arn && users.Users.Find(name)?.Arn != arn)
        {
            throw IamErrors.NoSuchEntity($"The principal {arn} cannot be found.");
        }
    }
}
