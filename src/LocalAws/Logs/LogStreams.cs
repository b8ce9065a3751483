using Microsoft.Data.Sqlite;
using Slipway.Aws.Logs;
using Slipway.Aws.Wire;
using Slipway.LocalAws.Storage;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.Logs;

/// <summary>CloudWatch Logs' streams.</summary>
internal sealed class LogStreams(LogStore store, TimeProvider time)
{
    private const int LargestPage = 50;

    public void Create(CreateLogStream request) => store.Write(c =>
    {
        LogGroups.Require(c, request.LogGroupName);
        return c.Execute(
            "INSERT INTO log_stream (log_group, name, created) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
            request.LogGroupName, request.LogStreamName, time.GetUtcNow().ToUnixTimeMilliseconds()) == 1
            ? true
            : throw LogErrors.Exists("stream");
    });

    public void Delete(DeleteLogStream request) => store.Write(c =>
    {
        var id = Require(c, request.LogGroupName, request.LogStreamName);
        c.Execute("DELETE FROM log_event WHERE stream = $1", id);
        return c.Execute("DELETE FROM log_stream WHERE id = $1", id);
    });

    public DescribeLogStreams.Response Describe(DescribeLogStreams request, Caller caller)
    {
        var group = LogGroups.NameOf(request.LogGroupName, request.LogGroupIdentifier);
        var byTime = request.OrderBy == "LastEventTime";
        if (byTime && request.LogStreamNamePrefix is not null)
        {
            throw LogErrors.Invalid("Cannot order by LastEventTime with a logStreamNamePrefix.");
        }

        var streams = store.Read(c => c.Query(
            "SELECT name, created, first, last, ingested FROM log_stream WHERE log_group = $1 AND substr(name, 1, length($2)) = $2 ORDER BY name",
            row => Stream(row, group, caller), LogGroups.Require(c, group), request.LogStreamNamePrefix ?? ""));
        var sorted = byTime ? streams.OrderBy(s => s.LastEventTimestamp ?? s.CreationTime).ToList() : streams;
        if (request.Descending == true)
        {
            sorted.Reverse();
        }

        var page = Page.Of(sorted, s => s.LogStreamName, request.NextToken, request.Limit ?? LargestPage, () => LogErrors.Invalid("The specified nextToken is invalid."));
        return new(page.Items, page.NextToken);
    }

    /// <summary>The id of a stream.</summary>
    /// <exception cref="AwsException">ResourceNotFoundException.</exception>
    public static long Require(SqliteConnection c, string group, string stream) => Find(c, group, stream) ?? throw LogErrors.NoStream();

    /// <summary>The id of a stream of a group that must be there, or null.</summary>
    public static long? Find(SqliteConnection c, string group, string stream)
    {
        LogGroups.Require(c, group);
        return c.Query("SELECT id FROM log_stream WHERE log_group = $1 AND name = $2", r => (long?)r.GetInt64(0), group, stream).FirstOrDefault();
    }

    private static LogStream Stream(SqliteDataReader row, string group, Caller caller)
    {
        long? Time(int column) => row.IsDBNull(column) ? null : row.GetInt64(column);
        var name = row.GetString(0);
        // AWS has answered 0 stored bytes for streams since 2019, and takes any sequence token since 2023
        return new(name, row.GetInt64(1), caller.Arn("logs", $"log-group:{group}:log-stream:{name}"), "1", 0, Time(2), Time(3), Time(4));
    }
}
