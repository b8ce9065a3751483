using System.Net;
using System.Security.Cryptography;
using Slipway.Aws.Iam;
using Slipway.Aws.Wire;
using Slipway.LocalAws.Storage;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.Iam;

/// <summary>IAM's roles: https://docs.aws.amazon.com/IAM/latest/APIReference/API_Role.html</summary>
internal sealed class Roles(LocalAwsOptions options, Database database)
{
    private const int DefaultPage = 100;
    private readonly Table<Role> _roles = new(database, "role", r => r.RoleName);

    public CreateRole.Response Create(CreateRole request)
    {
        CheckPolicy(request.AssumeRolePolicyDocument);
        var path = request.Path ?? "/";
        var role = new Role(
            path, request.RoleName, "AROA" + RandomNumberGenerator.GetString("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 17),
            $"arn:aws:iam::{options.AccountId}:role{path}{request.RoleName}", options.Time.GetUtcNow(),
            Uri.EscapeDataString(request.AssumeRolePolicyDocument), request.Description, request.MaxSessionDuration ?? 3600, request.Tags);
        return _roles.Insert(role)
            ? new(role)
            : throw new AwsException("EntityAlreadyExists", HttpStatusCode.Conflict, $"Role with name {request.RoleName} already exists.");
    }

    public GetRole.Response Get(GetRole request) => new(_roles.Find(request.RoleName) ?? throw NoSuchRole(request.RoleName));

    public ListRoles.Response List(ListRoles request)
    {
        var roles = _roles.All().Where(r => r.Path.StartsWith(request.PathPrefix ?? "/", StringComparison.Ordinal));
        var page = Page.Of(roles, r => r.RoleName, request.Marker, request.MaxItems ?? DefaultPage);
        return new(page.Items, page.NextToken is not null, page.NextToken);
    }

    public void Delete(DeleteRole request)
    {
        if (!_roles.Delete(request.RoleName))
        {
            throw NoSuchRole(request.RoleName);
        }
    }

    /// <summary>A role by its ARN, or null.</summary>
    public Role? Find(string arn) => _roles.Find(arn[(arn.LastIndexOf('/') + 1)..]) is { } role && role.Arn == arn ? role : null;

    /// <summary>Checks that the role which a job, model or pipeline is to run as exists.</summary>
    /// <exception cref="AwsException">SageMaker's ValidationException.</exception>
    public void Require(string arn)
    {
        if (Find(arn) is null)
        {
            throw AwsErrors.Validation($"Could not assume role {arn}. Please ensure that the role exists and allows principal 'sagemaker.amazonaws.com' to assume the role.");
        }
    }

    private static AwsException NoSuchRole(string name) =>
        new("NoSuchEntity", HttpStatusCode.NotFound, $"The role with name {name} cannot be found.");

    private static void CheckPolicy(string document) =>
        JsonText.Read(document, why => new AwsException("MalformedPolicyDocument", HttpStatusCode.BadRequest, $"The trust policy {why}"));
}
