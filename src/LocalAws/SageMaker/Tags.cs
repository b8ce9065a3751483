using Slipway.Aws.SageMaker;
using Slipway.Aws.Wire;
using Slipway.LocalAws.Storage;

namespace Slipway.LocalAws.SageMaker;

/// <summary>The tags of SageMaker's resources: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_AddTags.html</summary>
internal sealed class Tags
{
    private const int DefaultPage = 100;
    private readonly Database _database;

    public Tags(Database database)
    {
        _database = database;
        database.Define("""
            CREATE TABLE IF NOT EXISTS tagged (arn TEXT PRIMARY KEY) WITHOUT ROWID;
            CREATE TABLE IF NOT EXISTS tag (arn TEXT, key TEXT, value TEXT NOT NULL, PRIMARY KEY (arn, key)) WITHOUT ROWID;
            """);
    }

    public AddTags.Response Add(AddTags request) => _database.Write(_ =>
    {
        RequireResource(request.ResourceArn);
        Put(request.ResourceArn, request.Tags);
        return new AddTags.Response(Of(request.ResourceArn));
    });

    public ListTags.Response List(ListTags request)
    {
        RequireResource(request.ResourceArn);
        var page = Page.Of(Of(request.ResourceArn), t => t.Key, request.NextToken, request.MaxResults ?? DefaultPage);
        return new(page.Items, page.NextToken);
    }

    public void Delete(DeleteTags request) => _database.Write(c =>
    {
        RequireResource(request.ResourceArn);
        foreach (var key in request.TagKeys)
        {
            c.Execute("DELETE FROM tag WHERE arn = $1 AND key = $2", request.ResourceArn, key);
        }
    });

    /// <summary>Makes a new resource known to the tag operations, with its first tags. Call it in the transaction that inserts the resource.</summary>
    public void Create(string arn, IReadOnlyList<Tag>? tags) => _database.Write(c =>
    {
        c.Execute("INSERT OR IGNORE INTO tagged (arn) VALUES ($1)", arn);
        Put(arn, tags ?? []);
    });

    /// <summary>Forgets a resource that is deleted. Call it in the transaction that deletes it.</summary>
    public void Forget(string arn) => _database.Write(c =>
    {
        c.Execute("DELETE FROM tag WHERE arn = $1", arn);
        c.Execute("DELETE FROM tagged WHERE arn = $1", arn);
    });

    /// <summary>The tags of a resource in the order of their keys.</summary>
    public List<Tag> Of(string arn) => _database.Read(c => c.Query(
        "SELECT key, value FROM tag WHERE arn = $1 ORDER BY key", row => new Tag(row.GetString(0), row.GetString(1)), arn));

    private void Put(string arn, IReadOnlyList<Tag> tags) => _database.Write(c =>
    {
        if (tags.GroupBy(t => t.Key).FirstOrDefault(g => g.Count() > 1) is { } doubled)
        {
            throw AwsErrors.Validation($"Duplicate tag keys found: {doubled.Key}.");
        }

        foreach (var tag in tags)
        {
            c.Execute("INSERT INTO tag (arn, key, value) VALUES ($1, $2, $3) ON CONFLICT DO UPDATE SET value = $3", arn, tag.Key, tag.Value);
        }

        if (Of(arn).Count > TagLimits.Most)
        {
            throw AwsErrors.ResourceLimitExceeded($"The account-level service limit 'Number of tags per resource' is {TagLimits.Most} Tags.");
        }
    });

    private void RequireResource(string arn)
    {
        if (_database.Read(c => c.Query("SELECT 1 FROM tagged WHERE arn = $1", _ => true, arn)).Count == 0)
        {
            throw AwsErrors.Validation($"Could not find resource with ARN {arn}.");
        }
    }
}
