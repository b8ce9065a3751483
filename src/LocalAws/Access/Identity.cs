using System.Security.Cryptography;
using System.Text;

namespace Slipway.LocalAws.Access;

/// <summary>Who signs: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html</summary>
/// <param name="Arn">Its ARN.</param>
/// <param name="UserId">Its unique id, such as <c>AIDA…</c> for a user and <c>AROA…:SESSION</c> for a session of a role.</param>
internal sealed record Identity(string Arn, string UserId)
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private const int IdLength = 17;

    /// <summary>Whether it is a session of a role.</summary>
    public bool IsSession => Arn.Contains(":assumed-role/", StringComparison.Ordinal);

    /// <summary>The last part of its ARN: a user's name.</summary>
    public string UserName => Arn[(Arn.LastIndexOf('/') + 1)..];

    /// <summary>The account's owner, for requests whose signer nobody asks.</summary>
    public static Identity Root(string account) => new($"arn:aws:iam::{account}:root", account);

    /// <summary>A user; the same name has the same id always.</summary>
    public static Identity User(string account, string name)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{account}/{name}"));
        return new($"arn:aws:iam::{account}:user/{name}", "AIDA" + string.Concat(hash.Take(IdLength).Select(b => Alphabet[b % Alphabet.Length])));
    }

    /// <summary>A session of a role.</summary>
    public static Identity Session(Aws.Iam.Role role, string session) =>
        new($"arn:aws:sts::{role.Arn.Split(':')[4]}:assumed-role/{role.RoleName}/{session}", $"{role.RoleId}:{session}");

    /// <summary>A new id of an access key of temporary credentials.</summary>
    public static string NewAccessKeyId() => "ASIA" + RandomNumberGenerator.GetString(Alphabet, 16);
}
