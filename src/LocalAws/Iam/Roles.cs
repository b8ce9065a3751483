using System.Security.Cryptography;
using Slipway.Aws.Iam;
using Slipway.Aws.Wire;
using Slipway.LocalAws.Storage;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.Iam;

/// <summary>IAM's roles: https://docs.aws.amazon.com/IAM/latest/APIReference/API_Role.html</summary>
internal sealed class Roles(LocalAwsOptions options, RoleTable table)
{
    private const int DefaultPage = 100;

    public CreateRole.Response Create(CreateRole request)
    {
        CheckPolicy(request.AssumeRolePolicyDocument);
        var path = request.Path ?? "/";
        var role = new Role(
            path, request.RoleName, "AROA" + RandomNumberGenerator.GetString("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 17),
            $"arn:aws:iam::{options.AccountId}:role{path}{request.RoleName}", options.Time.GetUtcNow(),
            Uri.EscapeDataString(request.AssumeRolePolicyDocument), request.Description, request.MaxSessionDuration ?? 3600, request.Tags);
        return table.Roles.Insert(role)
            ? new(role)
            : throw IamErrors.Exists($"Role with name {request.RoleName} already exists.");
    }

    public GetRole.Response Get(GetRole request) => new(table.Roles.Find(request.RoleName) ?? throw IamErrors.NoSuchRole(request.RoleName));

    public ListRoles.Response List(ListRoles request)
    {
        var roles = table.Roles.All().Where(r => r.Path.StartsWith(request.PathPrefix ?? "/", StringComparison.Ordinal));
        var page = Page.Of(roles, r => r.RoleName, request.Marker, request.MaxItems ?? DefaultPage);
        return new(page.Items, page.NextToken is not null, page.NextToken);
    }

    public void Delete(DeleteRole request) => table.Write(() =>
    {
        var policies = table.PoliciesOf(request.RoleName);
        return policies.Own.Count > 0 ? throw IamErrors.DeleteConflict("delete policies")
            : policies.Attached.Count > 0 ? throw IamErrors.DeleteConflict("detach all policies")
            : table.Roles.Delete(request.RoleName);
    });

    /// <summary>A role by its ARN, or null.</summary>
    public Role? Find(string arn) => table.Roles.Find(arn[(arn.LastIndexOf('/') + 1)..]) is { } role && role.Arn == arn ? role : null;

    /// <summary>Checks that the role which a job, model or pipeline is to run as exists.</summary>
    /// <exception cref="AwsException">SageMaker's ValidationException.</exception>
    public void Require(string arn)
    {
        if (Find(arn) is null)
        {
            throw AwsErrors.Validation($"Could not assume role {arn}. Please ensure that the role exists and allows principal 'sagemaker.amazonaws.com' to assume the role.");
        }
    }

    private static void CheckPolicy(string document) =>
        JsonText.Read(document, why => IamErrors.MalformedPolicy($"The trust policy {why}"));
}
