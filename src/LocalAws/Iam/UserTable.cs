using Slipway.Aws.Iam;
using Slipway.LocalAws.Storage;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.Iam;

/// <summary>A user name and what tells its password; the password itself is kept nowhere.</summary>
/// <param name="Metadata">What is told of it.</param>
/// <param name="PasswordHash">SHA-256 of the password, which is random and as long as a key, so that it needs no salt.</param>
internal sealed record StoredCredential(ServiceSpecificCredentialMetadata Metadata, byte[] PasswordHash);

/// <summary>The users as they are kept, and their credentials by service user name.</summary>
internal sealed class UserTable(Database database)
{
    private const string UserArn = ":user/";

    /// <summary>The users by name.</summary>
    public Table<User> Users { get; } = new(database, "user", u => u.UserName);

    /// <summary>The user names and passwords for services, by the service user name.</summary>
    public Table<StoredCredential> Credentials { get; } = new(database, "service-specific-credential", c => c.Metadata.ServiceUserName);

    /// <summary>Changes users and credentials in one transaction.</summary>
    public T Write<T>(Func<T> change) => database.Write(_ => change());

    /// <summary>What a user has, in the order in which it was made.</summary>
    public List<StoredCredential> CredentialsOf(string userName) =>
        [.. Credentials.All().Where(c => c.Metadata.UserName == userName).OrderBy(c => c.Metadata.CreateDate)];

    /// <summary>The user of a name, or the one that signs where there is none.</summary>
    /// <exception cref="Aws.Wire.AwsException">NoSuchEntity, or ValidationError where no user signs.</exception>
    public User Require(string? userName, Caller caller)
    {
        if (userName is null && !caller.Identity.Arn.Contains(UserArn, StringComparison.Ordinal))
        {
            throw IamErrors.Validation("Must specify userName when calling with non-User credentials");
        }

        var name = userName ?? caller.Identity.UserName;
        return Users.Find(name) ?? throw IamErrors.NoSuchUser(name);
    }
}
