using Slipway.Aws.Wire;
using Slipway.LocalAws.Storage;

namespace Slipway.LocalAws.CodeBuild;

/// <summary>What lets a request start a build once.</summary>
/// <param name="Name">The client's token, after what it came with and a slash: <c>StartBuild/TOKEN</c>.</param>
/// <param name="Request">A hash of the whole request.</param>
/// <param name="Life">How long it counts, as all that came with the same; null: for good.</param>
internal sealed record BuildToken(string Name, string Request, TimeSpan? Life);

/// <summary>The tokens that have started builds. Both methods belong into the transaction that makes the build.</summary>
internal sealed class BuildTokens
{
    private readonly Database _database;
    private readonly TimeProvider _time;

    public BuildTokens(Database database, TimeProvider time)
    {
        (_database, _time) = (database, time);
        database.Define("CREATE TABLE IF NOT EXISTS codebuild_token (name TEXT PRIMARY KEY, request TEXT NOT NULL, build TEXT NOT NULL, time INTEGER NOT NULL) WITHOUT ROWID");
    }

    /// <summary>The id of the build that a token has started, or null.</summary>
    /// <exception cref="AwsException">InvalidInputException for a token that came with another request.</exception>
    public string? Find(BuildToken token)
    {
        var found = _database.Read(c => c.Query(
            "SELECT request, build, time FROM codebuild_token WHERE name = $1", r => (Request: r.GetString(0), Build: r.GetString(1), Time: r.GetInt64(2)), token.Name));
        if (found.Count == 0 || _time.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(found[0].Time) > token.Life)
        {
            return null;
        }

        return found[0].Request == token.Request ? found[0].Build
            : throw CodeBuildErrors.InvalidInput("Idempotency token parameter mismatch: the token came with other parameters before");
    }

    /// <summary>Keeps the build that a token has started, and forgets those of its kind whose life is over.</summary>
    public void Keep(BuildToken token, string build) => _database.Write(c =>
    {
        var now = _time.GetUtcNow();
        if (token.Life is { } life)
        {
            var kind = token.Name[..(token.Name.IndexOf('/', StringComparison.Ordinal) + 1)];
            c.Execute("DELETE FROM codebuild_token WHERE name GLOB $1 AND time < $2", kind + "*", (now - life).ToUnixTimeMilliseconds());
        }

        c.Execute("INSERT OR REPLACE INTO codebuild_token VALUES ($1, $2, $3, $4)", token.Name, token.Request, build, now.ToUnixTimeMilliseconds());
    });
}
