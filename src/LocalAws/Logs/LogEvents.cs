using Microsoft.Data.Sqlite;
using Slipway.Aws.Logs;
using Slipway.LocalAws.Storage;

namespace Slipway.LocalAws.Logs;

/// <summary>Writes and reads the events of a stream.</summary>
internal sealed class LogEvents(LogStore store, TimeProvider time)
{
    private const int LargestPage = 10_000;
    private const int LargestAnswer = 1 << 20;
    private const int LargestBatch = 1 << 20;
    private const int Overhead = 26;
    private static readonly TimeSpan OldestEvent = TimeSpan.FromDays(14);
    private static readonly TimeSpan NewestEvent = TimeSpan.FromHours(2);

    public PutLogEvents.Response Put(PutLogEvents request)
    {
        CheckBatch(request.LogEvents);
        return store.Write(c =>
        {
            var stream = LogStreams.Require(c, request.LogGroupName, request.LogStreamName);
            var now = time.GetUtcNow();
            var events = request.LogEvents;
            var old = events.TakeWhile(e => e.Timestamp < (now - OldestEvent).ToUnixTimeMilliseconds()).Count();
            var expired = events.TakeWhile(e => e.Timestamp < LogGroups.Expired(c, request.LogGroupName, time)).Count();
            var taken = events.TakeWhile(e => e.Timestamp <= (now + NewestEvent).ToUnixTimeMilliseconds()).Count();
            store.Insert(c, stream, [.. events.Take(taken).Skip(Math.Max(old, expired)).Select(e => new LogLine(e.Timestamp, e.Message))]);
            var rejected = old > 0 || expired > 0 || taken < events.Count
                ? new RejectedLogEventsInfo(taken < events.Count ? taken : null, old > 0 ? old : null, expired > 0 ? expired : null)
                : null;
            return new PutLogEvents.Response("1", rejected);
        });
    }

    public GetLogEvents.Response Get(GetLogEvents request)
    {
        var group = LogGroups.NameOf(request.LogGroupName, request.LogGroupIdentifier);
        return store.Read(c =>
        {
            var stream = LogStreams.Require(c, group, request.LogStreamName);
            var start = Math.Max(request.StartTime ?? 0, LogGroups.Expired(c, group, time));
            var forward = request.NextToken is null ? request.StartFromHead == true : request.NextToken.StartsWith("f/", StringComparison.Ordinal);
            var from = request.NextToken is { } token ? Position.Parse(token) : forward ? new Position(start, 0) : new Position(long.MaxValue, long.MaxValue);
            var events = Read(c, stream, from, forward, start, request.EndTime ?? long.MaxValue, request.Limit ?? LargestPage);
            if (events.Count == 0)
            {
                // a stream that is empty yet is read from its start by either token
                var here = from.Time == long.MaxValue ? new Position(start, 0) : from;
                return new GetLogEvents.Response([], "f/" + here, "b/" + here);
            }

            var (last, first) = (events[^1].At, events[0].At);
            return new GetLogEvents.Response([.. events.Select(e => e.Event)], "f/" + (last with { Id = last.Id + 1 }), "b/" + first);
        });
    }

    /// <summary>Events from a position on, or those before it, oldest first.</summary>
    private static List<(Position At, OutputLogEvent Event)> Read(SqliteConnection c, long stream, Position from, bool forward, long start, long end, int limit)
    {
        var rows = c.Query(
            $"""
            SELECT time, id, message, ingested FROM log_event
            WHERE stream = $1 AND time >= $2 AND time < $3 AND (time, id) {(forward ? ">=" : "<")} ($4, $5)
            ORDER BY time {(forward ? "ASC" : "DESC")}, id {(forward ? "ASC" : "DESC")} LIMIT $6
            """,
            r => (new Position(r.GetInt64(0), r.GetInt64(1)), new OutputLogEvent(r.GetInt64(0), r.GetString(2), r.GetInt64(3))),
            stream, start, end, from.Time, from.Id, limit);
        var bytes = 0;
        var fitting = rows.TakeWhile((r, i) => (bytes += r.Item2.Message.Length + Overhead) <= LargestAnswer || i == 0).ToList();
        if (!forward)
        {
            fitting.Reverse();
        }

        return fitting;
    }

    private static void CheckBatch(IReadOnlyList<InputLogEvent> events)
    {
        for (var i = 1; i < events.Count; i++)
        {
            if (events[i].Timestamp < events[i - 1].Timestamp)
            {
                throw LogErrors.Invalid("Log events in a single PutLogEvents request must be in chronological order.");
            }
        }

        if (events.Count > 0 && events[^1].Timestamp - events[0].Timestamp > TimeSpan.FromHours(24).TotalMilliseconds)
        {
            throw LogErrors.Invalid("The batch of log events in a single PutLogEvents request cannot span more than 24 hours.");
        }

        if (events.Sum(e => (long)System.Text.Encoding.UTF8.GetByteCount(e.Message) + Overhead) > LargestBatch)
        {
            throw LogErrors.Invalid($"Upload too large: the events and {Overhead} bytes for each exceed {LargestBatch} bytes.");
        }
    }
}

/// <summary>A place between two events of a stream: before the event of this time and id.</summary>
internal readonly record struct Position(long Time, long Id)
{
    public static Position Parse(string token) =>
        token.Split('/') is ["f" or "b", var time, var id] && long.TryParse(time, out var t) && long.TryParse(id, out var i)
            ? new(t, i)
            : throw LogErrors.Invalid("The specified nextToken is invalid.");

    public override string ToString() => $"{Time}/{Id}";
}
