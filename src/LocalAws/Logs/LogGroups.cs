using Microsoft.Data.Sqlite;
using Slipway.Aws.Logs;
using Slipway.Aws.Wire;
using Slipway.LocalAws.Storage;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.Logs;

/// <summary>CloudWatch Logs' groups, their retention and their tags.</summary>
internal sealed class LogGroups(LogStore store, TimeProvider time)
{
    private const int LargestPage = 50;
    private static readonly int[] Retentions = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];

    public void Create(CreateLogGroup request)
    {
        if (request.DeletionProtectionEnabled == true)
        {
            throw AwsErrors.NotImplemented("CreateLogGroup.deletionProtectionEnabled");
        }

        store.Write(c => c.Execute(
            "INSERT INTO log_group (name, created, kms, class) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
            request.LogGroupName, time.GetUtcNow().ToUnixTimeMilliseconds(), request.KmsKeyId, request.LogGroupClass ?? "STANDARD") == 1
            ? PutTags(c, request.LogGroupName, request.Tags ?? new Dictionary<string, string>())
            : throw LogErrors.Exists("group"));
    }

    public void Delete(DeleteLogGroup request) => store.Write(c =>
    {
        Require(c, request.LogGroupName);
        c.Execute("DELETE FROM log_event WHERE stream IN (SELECT id FROM log_stream WHERE log_group = $1)", request.LogGroupName);
        c.Execute("DELETE FROM log_stream WHERE log_group = $1", request.LogGroupName);
        c.Execute("DELETE FROM log_group_tag WHERE name = $1", request.LogGroupName);
        return c.Execute("DELETE FROM log_group WHERE name = $1", request.LogGroupName);
    });

    public DescribeLogGroups.Response Describe(DescribeLogGroups request, Caller caller)
    {
        if (request is { LogGroupNamePrefix: not null, LogGroupNamePattern: not null })
        {
            throw LogErrors.Invalid("LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.");
        }

        var groups = store.Read(c => c.Query(
            """
            SELECT name, created, retention, kms, class,
                coalesce((SELECT sum(length(CAST(e.message AS BLOB)) + 26) FROM log_event e JOIN log_stream s ON s.id = e.stream WHERE s.log_group = g.name), 0)
            FROM log_group g
            WHERE substr(name, 1, length($1)) = $1 AND ($2 IS NULL OR instr(lower(name), lower($2)) > 0) AND ($3 IS NULL OR class = $3)
            ORDER BY name
            """,
            row => Group(row, caller), request.LogGroupNamePrefix ?? "", request.LogGroupNamePattern, request.LogGroupClass));
        var page = Page.Of(groups, g => g.LogGroupName, request.NextToken, request.Limit ?? LargestPage, () => LogErrors.Invalid("The specified nextToken is invalid."));
        return new(page.Items, page.NextToken);
    }

    public void PutRetention(PutRetentionPolicy request)
    {
        if (!Retentions.Contains(request.RetentionInDays))
        {
            throw LogErrors.Invalid($"1 validation error detected: Value '{request.RetentionInDays}' at 'retentionInDays' failed to satisfy constraint: Member must satisfy enum value set: [{string.Join(", ", Retentions)}]");
        }

        SetRetention(request.LogGroupName, request.RetentionInDays);
    }

    public void DeleteRetention(DeleteRetentionPolicy request) => SetRetention(request.LogGroupName, null);

    public void Tag(TagResource request) => store.Write(c => PutTags(c, Require(c, NameOf(request.ResourceArn)), request.Tags));

    public void Untag(UntagResource request) => store.Write(c =>
    {
        var name = Require(c, NameOf(request.ResourceArn));
        return request.TagKeys.Sum(key => c.Execute("DELETE FROM log_group_tag WHERE name = $1 AND key = $2", name, key));
    });

    public ListTagsForResource.Response Tags(ListTagsForResource request) => new(store.Read(c => c.Query(
        "SELECT key, value FROM log_group_tag WHERE name = $1", row => (row.GetString(0), row.GetString(1)), Require(c, NameOf(request.ResourceArn))))
        .ToDictionary(t => t.Item1, t => t.Item2));

    /// <summary>The name of a group that a request names by name or by ARN.</summary>
    public static string NameOf(string? name, string? identifier) => (name, identifier) switch
    {
        (not null, null) => name,
        (null, not null) => NameOf(identifier),
        (null, null) => throw LogErrors.Invalid("Exactly one of logGroupName and logGroupIdentifier must be given: neither is."),
        _ => throw LogErrors.Invalid("Exactly one of logGroupName and logGroupIdentifier must be given: both are."),
    };

    /// <summary>Checks that a group exists and gives its name.</summary>
    /// <exception cref="AwsException">ResourceNotFoundException.</exception>
    public static string Require(SqliteConnection c, string group) =>
        c.Query("SELECT name FROM log_group WHERE name = $1", r => r.GetString(0), group).FirstOrDefault() ?? throw LogErrors.NoGroup();

    /// <summary>Events before this time, in milliseconds since 1970, have expired.</summary>
    public static long Expired(SqliteConnection c, string group, TimeProvider time) =>
        c.Query("SELECT retention FROM log_group WHERE name = $1", r => r.IsDBNull(0) ? (int?)null : r.GetInt32(0), group) is [{ } days]
            ? time.GetUtcNow().AddDays(-days).ToUnixTimeMilliseconds()
            : long.MinValue;

    private static string NameOf(string identifier)
    {
        const string marker = ":log-group:";
        var at = identifier.IndexOf(marker, StringComparison.Ordinal);
        var name = at < 0 ? identifier : identifier[(at + marker.Length)..];
        return name.EndsWith(":*", StringComparison.Ordinal) ? name[..^2] : name;
    }

    private static int PutTags(SqliteConnection c, string group, IReadOnlyDictionary<string, string> tags) => tags.Sum(tag => c.Execute(
        "INSERT INTO log_group_tag (name, key, value) VALUES ($1, $2, $3) ON CONFLICT DO UPDATE SET value = $3", group, tag.Key, tag.Value));

    private static LogGroup Group(SqliteDataReader row, Caller caller)
    {
        var name = row.GetString(0);
        var arn = caller.Arn("logs", "log-group:" + name);
        return new(
            name, row.GetInt64(1), arn + ":*", arn, row.GetInt64(5), 0, row.GetString(4),
            row.IsDBNull(2) ? null : row.GetInt32(2), row.IsDBNull(3) ? null : row.GetString(3));
    }

    private void SetRetention(string group, int? days) => store.Write(c =>
    {
        Require(c, group);
        c.Execute("UPDATE log_group SET retention = $2 WHERE name = $1", group, days);
        return c.Execute(
            "DELETE FROM log_event WHERE time < $2 AND stream IN (SELECT id FROM log_stream WHERE log_group = $1)", group, Expired(c, group, time));
    });
}
