using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Slipway.Aws.Wire;
using Slipway.LocalAws.Storage;

namespace Slipway.LocalAws.Sqs;

/// <summary>A message that is received: its place in the table, and what is told of it.</summary>
/// <param name="Receipt">What names this receipt of it.</param>
/// <param name="Message">The message.</param>
/// <param name="Sent">When it was sent.</param>
/// <param name="FirstReceived">When it was first received.</param>
/// <param name="Receives">How often it was received, this time included.</param>
internal sealed record ReceivedMessage(Receipt Receipt, StoredMessage Message, DateTimeOffset Sent, DateTimeOffset FirstReceived, int Receives);

/// <summary>How many messages a queue has: those that can be received, those that were and may come back, those whose delay is not over.</summary>
internal sealed record MessageCounts(long Visible, long InFlight, long Delayed);

/// <summary>
/// The messages of all queues. A message is there until it is deleted or too old; one that is received is only hidden
/// until a time, so a crash of who received it, or of local AWS, loses none.
/// </summary>
internal sealed class MessageTable
{
    /// <summary>How many messages of a queue may be received and not deleted: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html</summary>
    public const int MostInFlight = 120_000;

    private readonly Database _database;
    private readonly QueueTable _queues;
    private readonly Changes _changes;
    private readonly TimeProvider _time;

    // how many messages of a queue can be received before it has to be counted again how many are in flight
    private readonly ConcurrentDictionary<string, long> _room = new();

    public MessageTable(Database database, QueueTable queues, Changes changes, TimeProvider time)
    {
        (_database, _queues, _changes, _time) = (database, queues, changes, time);
        database.Define("""
            CREATE TABLE IF NOT EXISTS sqs_message (
                number INTEGER PRIMARY KEY AUTOINCREMENT, queue TEXT NOT NULL, sent INTEGER NOT NULL, visible INTEGER NOT NULL, receives INTEGER NOT NULL,
                first_received INTEGER, received INTEGER, receipt TEXT, message TEXT NOT NULL);
            CREATE INDEX IF NOT EXISTS sqs_message_visible ON sqs_message (queue, visible, number);
            CREATE INDEX IF NOT EXISTS sqs_message_sent ON sqs_message (queue, sent);
            """);
    }

    /// <summary>Keeps a message; inside a write it is part of that transaction.</summary>
    public void Add(StoredQueue queue, StoredMessage message, TimeSpan delay) => _database.Write(c =>
    {
        var now = Now();
        RemoveOld(c, queue, now);
        c.Execute(
            "INSERT INTO sqs_message (queue, sent, visible, receives, message) VALUES ($1, $2, $3, 0, $4)", queue.Arn, now, now + (long)delay.TotalMilliseconds, Json(message));
        Wake(queue.Arn);
    });

    /// <summary>Receives messages: hides them for a time. Those that were received too often go to the dead-letter queue instead.</summary>
    public List<ReceivedMessage> Take(StoredQueue queue, int most, TimeSpan hidden)
    {
        // who asks again and again where there is nothing writes nothing
        if (NextVisible(queue) is not { } next || next > _time.GetUtcNow())
        {
            return [];
        }

        return _database.Write(c =>
        {
            var now = Now();
            RemoveOld(c, queue, now);
            MoveUndeliverable(c, queue, most, now);
            var found = c.Query(
                $"SELECT number, message, sent, first_received, receives FROM sqs_message WHERE queue = $1 AND visible <= $2 ORDER BY visible, number LIMIT {most}",
                r => (Number: r.GetInt64(0), Message: Message(r, 1), Sent: r.GetInt64(2), First: r.IsDBNull(3) ? now : r.GetInt64(3), Receives: r.GetInt32(4) + 1), queue.Arn, now);
            _room.AddOrUpdate(queue.Arn, 0, (_, room) => room - found.Count);
            return found.ConvertAll(m =>
            {
                var receipt = new Receipt(queue.Name, m.Number, RandomNumberGenerator.GetHexString(32, lowercase: true));
                c.Execute(
                    "UPDATE sqs_message SET visible = $2, received = $3, first_received = $4, receives = $5, receipt = $6 WHERE number = $1",
                    m.Number, now + (long)hidden.TotalMilliseconds, now, m.First, m.Receives, receipt.Secret);
                return new ReceivedMessage(receipt, m.Message, Time(m.Sent), Time(m.First), m.Receives);
            });
        });
    }

    /// <summary>When the next message can be received, or null where a queue has none.</summary>
    /// <param name="queue">The queue.</param>
    /// <param name="after">Leaves out the messages that can be received at this time already.</param>
    public DateTimeOffset? NextVisible(StoredQueue queue, DateTimeOffset? after = null) => _database.Read(c => c.Query(
        "SELECT min(visible) FROM sqs_message WHERE queue = $1 AND visible > $2",
        r => r.IsDBNull(0) ? (DateTimeOffset?)null : Time(r.GetInt64(0)), queue.Arn, after?.ToUnixTimeMilliseconds() ?? long.MinValue))[0];

    /// <summary>Whether a queue has so many messages in flight that it gives no more.</summary>
    public bool IsFull(StoredQueue queue)
    {
        // to count takes as long as there are hidden messages: it is done when so many have been received as were left the last time
        if (_room.GetValueOrDefault(queue.Arn) > 0)
        {
            return false;
        }

        // the index alone tells that only few are hidden
        var hidden = _database.Read(c => c.Query("SELECT count(*) FROM sqs_message WHERE queue = $1 AND visible > $2", r => r.GetInt64(0), queue.Arn, Now()))[0];
        var room = MostInFlight - (hidden < MostInFlight ? hidden : Count(queue).InFlight);
        _room[queue.Arn] = room;
        return room <= 0;
    }

    /// <summary>Deletes a message by its last receipt; one that was received again since stays, and one that is gone is no error.</summary>
    public void Delete(StoredQueue queue, Receipt receipt) => _database.Write(c =>
        c.Execute("DELETE FROM sqs_message WHERE number = $1 AND queue = $2 AND receipt = $3", receipt.Number, queue.Arn, receipt.Secret));

    /// <summary>Deletes all messages of a queue.</summary>
    public void DeleteAll(StoredQueue queue) => _database.Write(c => c.Execute("DELETE FROM sqs_message WHERE queue = $1", queue.Arn));

    /// <summary>Says until when a message that was received is hidden.</summary>
    /// <param name="queue">The queue.</param>
    /// <param name="receipt">Its last receipt.</param>
    /// <param name="hidden">Gives, from the time it was received, for how long from now.</param>
    /// <returns>Whether it is hidden now: if not, nothing is changed.</returns>
    public bool Hide(StoredQueue queue, Receipt receipt, Func<DateTimeOffset, TimeSpan> hidden) => _database.Write(c =>
    {
        var now = Now();
        var found = c.Query(
            "SELECT received FROM sqs_message WHERE number = $1 AND queue = $2 AND receipt = $3 AND visible > $4", r => r.GetInt64(0), receipt.Number, queue.Arn, receipt.Secret, now);
        if (found.Count == 0)
        {
            return false;
        }

        c.Execute("UPDATE sqs_message SET visible = $2 WHERE number = $1", receipt.Number, now + (long)hidden(Time(found[0])).TotalMilliseconds);
        Wake(queue.Arn);
        return true;
    });

    /// <summary>How many messages a queue has that are not too old.</summary>
    public MessageCounts Count(StoredQueue queue) => _database.Read(c => c.Query(
        """
        SELECT count(*) FILTER (WHERE visible <= $2), count(*) FILTER (WHERE visible > $2 AND receives > 0), count(*) FILTER (WHERE visible > $2 AND receives = 0)
        FROM sqs_message WHERE queue = $1 AND sent > $3
        """,
        r => new MessageCounts(r.GetInt64(0), r.GetInt64(1), r.GetInt64(2)), queue.Arn, Now(), Oldest(queue, Now())))[0];

    private static void RemoveOld(SqliteConnection c, StoredQueue queue, long now) =>
        c.Execute("DELETE FROM sqs_message WHERE queue = $1 AND sent <= $2", queue.Arn, Oldest(queue, now));

    private static long Oldest(StoredQueue queue, long now) => now - (long)queue.Seconds(QueueAttributes.MessageRetentionPeriod).TotalMilliseconds;

    /// <summary>Moves those of the messages that would be received now which have been received too often.</summary>
    private void MoveUndeliverable(SqliteConnection c, StoredQueue queue, int most, long now)
    {
        if (Redrive.Of(queue) is not { } redrive || _queues.Find(redrive.Target) is not { } target)
        {
            return;
        }

        // all that can be received may be many, and those behind have their turn
        while (c.Query(
            $"""
            SELECT number, message FROM (SELECT number, message, receives FROM sqs_message WHERE queue = $1 AND visible <= $2 ORDER BY visible, number LIMIT {most}) WHERE receives >= $3
            """,
            r => (Number: r.GetInt64(0), Message: Message(r, 1)), queue.Arn, now, redrive.MaxReceiveCount) is { Count: > 0 } moved)
        {
            foreach (var (number, message) in moved)
            {
                // the time it was sent stays: AWS counts the dead-letter queue's retention from it
                c.Execute(
                    "UPDATE sqs_message SET queue = $2, visible = $3, receives = 0, first_received = NULL, received = NULL, receipt = NULL, message = $4 WHERE number = $1",
                    number, target.Arn, now, Json(message with { Source = queue.Arn }));
                Wake(target.Arn);
            }
        }
    }

    private void Wake(string arn) => _database.AfterCommit(() => _changes.Signal(arn));

    private long Now() => _time.GetUtcNow().ToUnixTimeMilliseconds();

    private static DateTimeOffset Time(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);

    private static string Json(StoredMessage message) => JsonSerializer.Serialize(message, AwsJson.Lenient);

    private static StoredMessage Message(SqliteDataReader row, int column) => JsonSerializer.Deserialize<StoredMessage>(row.GetString(column), AwsJson.Lenient)!;
}
