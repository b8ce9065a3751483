using System.Security.Cryptography;
using System.Text.Json;
using Slipway.Aws.Wire;

namespace Slipway.LocalAws.Storage;

/// <summary>Lets a request with a client token act once: sent again, it answers what it answered.</summary>
internal sealed class ClientTokens
{
    private readonly Database _database;

    public ClientTokens(Database database)
    {
        _database = database;
        database.Define("CREATE TABLE IF NOT EXISTS client_token (operation TEXT, token TEXT, request TEXT NOT NULL, answer TEXT NOT NULL, PRIMARY KEY (operation, token)) WITHOUT ROWID");
    }

    /// <summary>A hash of a whole request, which tells it from another.</summary>
    public static string Hash<T>(T request) => Convert.ToHexString(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(request, AwsJson.Lenient)));

    /// <summary>Acts and keeps the answer in one transaction, or gives the answer that was kept.</summary>
    /// <param name="token">The client's token; null acts each time.</param>
    /// <param name="request">The whole request.</param>
    /// <param name="act">Acts, and gives the ARN or id that the answer needs.</param>
    /// <exception cref="AwsException">ConflictException for a token that came with another request.</exception>
    public string Once<T>(string? token, T request, Func<string> act) where T : notnull => _database.Write(c =>
    {
        if (token is null)
        {
            return act();
        }

        // services have operations of the same name
        var operation = $"{AwsService.Of(typeof(T)).Name}.{typeof(T).Name}";
        var hash = Hash(request);
        var kept = c.Query("SELECT request, answer FROM client_token WHERE operation = $1 AND token = $2", r => (Request: r.GetString(0), Answer: r.GetString(1)), operation, token);
        if (kept.Count > 0)
        {
            return kept[0].Request == hash ? kept[0].Answer
                : throw AwsErrors.Conflict($"The client token {token} was used by a {typeof(T).Name} with other parameters.");
        }

        var answer = act();
        c.Execute("INSERT INTO client_token VALUES ($1, $2, $3, $4)", operation, token, hash, answer);
        return answer;
    });
}
