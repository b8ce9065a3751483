using System.Security.Cryptography;
using System.Text;
using Slipway.Aws.Iam;
using Slipway.LocalAws.Access;
using Slipway.LocalAws.Storage;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.Iam;

/// <summary>
/// HTTPS Git credentials for CodeCommit, a user name and a password of IAM's own:
/// https://docs.aws.amazon.com/codecommit/latest/userguide/setting-up-gc.html
/// </summary>
internal sealed class ServiceSpecificCredentials(LocalAwsOptions options, UserTable table)
{
    /// <summary>The one service whose credentials are made here.</summary>
    public const string CodeCommit = "codecommit.amazonaws.com";

    private const int DefaultPage = 100;
    private const int MostOfUser = 2;
    private const int PasswordSize = 32;

    public CreateServiceSpecificCredential.Response Create(CreateServiceSpecificCredential request, Caller caller) => table.Write(() =>
    {
        CheckService(request.ServiceName);
        var user = table.Require(request.UserName, caller);
        var names = table.CredentialsOf(user.UserName).ConvertAll(c => c.Metadata.ServiceUserName);
        if (names.Count >= MostOfUser)
        {
            throw IamErrors.LimitExceeded($"Cannot exceed quota for ServiceSpecificCredentialsPerUser: {MostOfUser}");
        }

        var made = new ServiceSpecificCredentialMetadata(
            user.UserName, ServiceSpecificCredentialStatus.Active, new[] { "", "+1" }.Select(n => $"{user.UserName}{n}-at-{options.AccountId}").First(n => !names.Contains(n)),
            options.Time.GetUtcNow(), "ACCA" + RandomNumberGenerator.GetString("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 17), request.ServiceName);
        return new CreateServiceSpecificCredential.Response(WithPassword(made));
    });

    public ListServiceSpecificCredentials.Response List(ListServiceSpecificCredentials request, Caller caller)
    {
        if (request.ServiceName is { } service)
        {
            CheckService(service);
        }

        var found = request.AllUsers == true ? table.Credentials.All() : table.CredentialsOf(table.Require(request.UserName, caller).UserName);
        var page = Page.Of(found.Select(c => c.Metadata), c => c.ServiceSpecificCredentialId, request.Marker, request.MaxItems ?? DefaultPage);
        return new(page.Items, page.NextToken is not null, page.NextToken);
    }

    public ResetServiceSpecificCredential.Response Reset(ResetServiceSpecificCredential request, Caller caller) =>
        table.Write(() => new ResetServiceSpecificCredential.Response(WithPassword(Require(request.UserName, request.ServiceSpecificCredentialId, caller).Metadata)));

    public void Update(UpdateServiceSpecificCredential request, Caller caller) => table.Write(() =>
    {
        var credential = Require(request.UserName, request.ServiceSpecificCredentialId, caller);
        table.Credentials.Put(credential with { Metadata = credential.Metadata with { Status = request.Status } });
        return true;
    });

    public void Delete(DeleteServiceSpecificCredential request, Caller caller) =>
        table.Write(() => table.Credentials.Delete(Require(request.UserName, request.ServiceSpecificCredentialId, caller).Metadata.ServiceUserName));

    /// <summary>The user whose active user name and password these are, or null.</summary>
    public Identity? Find(string serviceUserName, string password) =>
        table.Credentials.Find(serviceUserName) is { Metadata.Status: ServiceSpecificCredentialStatus.Active } credential
        && CryptographicOperations.FixedTimeEquals(credential.PasswordHash, Hash(password))
        && table.Users.Find(credential.Metadata.UserName) is { } user
            ? new(user.Arn, user.UserId)
            : null;

    private static void CheckService(string name)
    {
        if (name != CodeCommit)
        {
            throw IamErrors.NotSupportedService(name);
        }
    }

    private static byte[] Hash(string password) => SHA256.HashData(Encoding.UTF8.GetBytes(password));

    /// <summary>Gives a credential a new password.</summary>
    private ServiceSpecificCredential WithPassword(ServiceSpecificCredentialMetadata credential)
    {
        var password = Convert.ToBase64String(RandomNumberGenerator.GetBytes(PasswordSize));
        table.Credentials.Put(new(credential, Hash(password)));
        return new(
            credential.CreateDate, credential.ServiceName, credential.ServiceUserName, password,
            credential.ServiceSpecificCredentialId, credential.UserName, credential.Status);
    }

    private StoredCredential Require(string? userName, string id, Caller caller) =>
        table.CredentialsOf(table.Require(userName, caller).UserName).Find(c => c.Metadata.ServiceSpecificCredentialId == id)
        ?? throw IamErrors.NoSuchEntity($"Service Specific Credential {id} not found.");
}
