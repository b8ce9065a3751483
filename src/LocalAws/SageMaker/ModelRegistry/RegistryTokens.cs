using System.Text.Json;
using Slipway.Aws.Wire;
using Slipway.LocalAws.Storage;

namespace Slipway.LocalAws.SageMaker.ModelRegistry;

/// <summary>The client tokens of the registry's changes: a request that comes again with its token is answered as it was the first time, and changes nothing.</summary>
internal sealed class RegistryTokens
{
    private readonly Database _database;

    public RegistryTokens(Database database)
    {
        _database = database;
        database.Define("CREATE TABLE IF NOT EXISTS registry_token (token TEXT PRIMARY KEY, request TEXT NOT NULL, arn TEXT NOT NULL) WITHOUT ROWID");
    }

    /// <summary>Makes a change once for a token, in one transaction with its record.</summary>
    /// <param name="token">The client's token, or null for a change that is made each time.</param>
    /// <param name="request">The whole request.</param>
    /// <param name="change">Makes the change and gives the ARN of what it changed.</param>
    /// <exception cref="AwsException">ConflictException: the token came with another request before.</exception>
    public string Once(string? token, object request, Func<string> change) => _database.Write(c =>
    {
        if (token is null)
        {
            return change();
        }

        var text = request.GetType().Name + JsonSerializer.Serialize(request, request.GetType(), AwsJson.Lenient);
        var before = c.Query("SELECT request, arn FROM registry_token WHERE token = $1", row => (Request: row.GetString(0), Arn: row.GetString(1)), token);
        if (before.Count > 0)
        {
            return before[0].Request == text ? before[0].Arn : throw AwsErrors.Conflict($"The client token {token} was used with another request before.");
        }

        var arn = change();
        c.Execute("INSERT INTO registry_token (token, request, arn) VALUES ($1, $2, $3)", token, text, arn);
        return arn;
    });
}
