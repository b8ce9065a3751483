using System.Collections.Concurrent;

namespace Slipway.LocalAws.Access;

/// <summary>Every access key that local AWS knows: those of the credentials file, those of sessions, and those of its own containers.</summary>
internal sealed class CredentialStore
{
    private readonly Dictionary<string, SigningCredential> _named = [];
    private readonly ConcurrentDictionary<string, SigningCredential> _lent = new();
    private readonly List<string> _users = [];
    private readonly SessionTokens _tokens;
    private readonly TimeProvider _time;

    /// <exception cref="InvalidDataException">The credentials file has a mistake; the message names the line.</exception>
    public CredentialStore(LocalAwsOptions options, SessionTokens tokens, TimeProvider time)
    {
        (_tokens, _time) = (tokens, time);
        foreach (var credential in options.RequireAuth is { } file ? CredentialsFile.Read(file, options.AccountId) : [])
        {
            _users.Add(credential.Identity.UserName);
            _named.Add(credential.AccessKeyId, credential);
        }
    }

    /// <summary>The names of the users in the credentials file, in its order.</summary>
    public IReadOnlyList<string> Users => _users;

    /// <summary>The credential that a request names.</summary>
    /// <exception cref="Aws.Wire.AwsException">The key is unknown, its token is not its own, or it has expired.</exception>
    public SigningCredential Find(string id, string? token, Refusals refusals)
    {
        if (_named.TryGetValue(id, out var named))
        {
            return token is null ? named : throw refusals.InvalidToken(token);
        }

        if (token is null)
        {
            throw refusals.UnknownKey(id);
        }

        var session = _lent.GetValueOrDefault(id) ?? _tokens.Open(token);
        if (session is null || session.AccessKeyId != id || !SigningCredential.Same(session.SessionToken!, token))
        {
            throw refusals.InvalidToken(token);
        }

        return session.Expires <= _time.GetUtcNow() ? throw refusals.ExpiredToken(token) : session;
    }

    /// <summary>Who a request says it is from, where nobody checks; null where that is nobody's.</summary>
    public Identity? Claimed(string id, string? token) =>
        token is not null && (_lent.GetValueOrDefault(id) ?? _tokens.Open(token)) is { } session && session.AccessKeyId == id ? session.Identity : null;

    /// <summary>Makes credentials that work until they are taken back, or local AWS ends.</summary>
    public SigningCredential Lend(Identity identity)
    {
        var credential = SigningCredential.New(identity);
        credential = credential with { SessionToken = SigningCredential.New(identity).SecretAccessKey };
        _lent[credential.AccessKeyId] = credential;
        return credential;
    }

    /// <summary>Ends credentials that were lent.</summary>
    public void TakeBack(SigningCredential credential) => _lent.TryRemove(credential.AccessKeyId, out _);
}
