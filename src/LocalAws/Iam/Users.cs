using Slipway.Aws.Iam;
using Slipway.LocalAws.Access;
using Slipway.LocalAws.Storage;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.Iam;

/// <summary>IAM's users: https://docs.aws.amazon.com/IAM/latest/APIReference/API_User.html. Those of the credentials file are there from the start.</summary>
internal sealed class Users(LocalAwsOptions options, CredentialStore credentials, UserTable table) : IResume
{
    private const int DefaultPage = 100;

    public CreateUser.Response Create(CreateUser request)
    {
        var user = Make(request.UserName, request.Path ?? "/", request.Tags);
        return table.Users.Insert(user) ? new(user) : throw IamErrors.Exists($"User with name {request.UserName} already exists.");
    }

    public GetUser.Response Get(GetUser request, Caller caller) => new(table.Require(request.UserName, caller));

    public ListUsers.Response List(ListUsers request)
    {
        var users = table.Users.All().Where(u => u.Path.StartsWith(request.PathPrefix ?? "/", StringComparison.Ordinal));
        var page = Page.Of(users, u => u.UserName, request.Marker, request.MaxItems ?? DefaultPage);
        return new(page.Items, page.NextToken is not null, page.NextToken);
    }

    public void Delete(DeleteUser request) => table.Write(() =>
    {
        if (credentials.Users.Contains(request.UserName))
        {
            throw IamErrors.DeleteConflict($"remove the access key of {request.UserName} from the file of --require-auth");
        }

        if (table.CredentialsOf(request.UserName).Count > 0)
        {
            throw IamErrors.DeleteConflict("delete service specific credentials");
        }

        return table.Users.Delete(request.UserName) ? true : throw IamErrors.NoSuchUser(request.UserName);
    });

    /// <summary>Makes the users of the credentials file that are not there.</summary>
    public Task Resume(CancellationToken cancellation)
    {
        foreach (var name in credentials.Users.Where(n => table.Users.Find(n) is null))
        {
            table.Users.Insert(Make(name, "/"));
        }

        return Task.CompletedTask;
    }

    private User Make(string name, string path, IReadOnlyList<Tag>? tags = null) => new(
        path, name, Identity.User(options.AccountId, name).UserId, $"arn:aws:iam::{options.AccountId}:user{path}{name}", options.Time.GetUtcNow(), tags);
}
