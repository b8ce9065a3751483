using System.Text;
using Microsoft.Data.Sqlite;
using Slipway.Aws.Logs;
using Slipway.LocalAws.Storage;

namespace Slipway.LocalAws.Logs;

/// <summary>Searches the events of a group.</summary>
internal sealed class LogSearch(LogStore store, TimeProvider time)
{
    private const int LargestPage = 10_000;
    private const int LargestAnswer = 1 << 20;

    public FilterLogEvents.Response Filter(FilterLogEvents request)
    {
        if (request is { LogStreamNames: not null, LogStreamNamePrefix: not null })
        {
            throw LogErrors.Invalid("LogStreamNames and LogStreamNamePrefix are mutually exclusive parameters.");
        }

        var group = LogGroups.NameOf(request.LogGroupName, request.LogGroupIdentifier);
        var pattern = FilterPattern.Parse(request.FilterPattern ?? "");
        return store.Read(c =>
        {
            LogGroups.Require(c, group);
            if (request.LogStreamNames?.FirstOrDefault(s => !Streams(c, group, "").Contains(s)) is not null)
            {
                throw LogErrors.NoStream();
            }

            var streams = request.LogStreamNames ?? Streams(c, group, request.LogStreamNamePrefix ?? "");
            return Search(c, request, group, streams, pattern);
        });
    }

    private static List<string> Streams(SqliteConnection c, string group, string prefix) => c.Query(
        "SELECT name FROM log_stream WHERE log_group = $1 AND substr(name, 1, length($2)) = $2", r => r.GetString(0), group, prefix);

    private FilterLogEvents.Response Search(SqliteConnection c, FilterLogEvents request, string group, IReadOnlyList<string> streams, FilterPattern pattern)
    {
        var from = request.NextToken is { } token ? Position.Parse(token) : default;
        var limit = request.Limit ?? LargestPage;
        var start = Math.Max(request.StartTime ?? 0, LogGroups.Expired(c, group, time));
        using var command = c.CreateCommand();
        command.CommandText = """
            SELECT e.time, e.id, s.name, e.message, e.ingested FROM log_event e JOIN log_stream s ON s.id = e.stream
            WHERE s.log_group = $group AND s.name IN (SELECT value FROM json_each($streams))
                AND e.time >= $start AND e.time <= $end AND (e.time, e.id) >= ($time, $id)
            ORDER BY e.time, e.id
            """;
        command.Parameters.AddWithValue("$group", group);
        command.Parameters.AddWithValue("$streams", System.Text.Json.JsonSerializer.Serialize(streams));
        command.Parameters.AddWithValue("$start", start);
        command.Parameters.AddWithValue("$end", request.EndTime ?? long.MaxValue);
        command.Parameters.AddWithValue("$time", from.Time);
        command.Parameters.AddWithValue("$id", from.Id);
        using var row = command.ExecuteReader();
        var found = new List<FilteredLogEvent>();
        var bytes = 0;
        while (row.Read())
        {
            var message = row.GetString(3);
            if (!pattern.Matches(message))
            {
                continue;
            }

            bytes += Encoding.UTF8.GetByteCount(message);
            if (found.Count == limit || (bytes > LargestAnswer && found.Count > 0))
            {
                return new(found, [], "f/" + new Position(row.GetInt64(0), row.GetInt64(1)));
            }

            found.Add(new(row.GetString(2), row.GetInt64(0), message, row.GetInt64(4), row.GetInt64(1).ToString("D56")));
        }

        return new(found, []);
    }
}
