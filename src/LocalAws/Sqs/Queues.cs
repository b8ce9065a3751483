using System.Text.RegularExpressions;
using Slipway.Aws.Sqs;
using Slipway.LocalAws.Storage;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.Sqs;

/// <summary>Queues: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/standard-queues.html</summary>
internal sealed partial class Queues(Database database, LocalAwsOptions options, QueueTable queues, QueueAttributes attributes, MessageTable messages, TimeProvider time)
{
    private const int PageSize = 1000;

    public CreateQueue.Response Create(CreateQueue request, Caller caller)
    {
        if (request.QueueName.EndsWith(".fifo", StringComparison.Ordinal))
        {
            throw SqsErrors.NoFifo($"CreateQueue.QueueName {request.QueueName}");
        }

        if (!NameForm().IsMatch(request.QueueName))
        {
            throw SqsErrors.Invalid("Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length");
        }

        var arn = caller.Arn("sqs", request.QueueName);
        var tags = QueueTags.Put(new Dictionary<string, string>(), request.Tags ?? new Dictionary<string, string>());
        return database.Write(_ =>
        {
            var set = attributes.CheckAll(request.Attributes ?? new Dictionary<string, string>(), arn, caller);
            if (queues.FindByName(request.QueueName) is { } there)
            {
                RequireSame(there, set);
                return new CreateQueue.Response(queues.Url(there));
            }

            var now = time.GetUtcNow();
            var queue = new StoredQueue(request.QueueName, arn, now, now, set, tags);
            queues.Insert(queue);
            return new CreateQueue.Response(queues.Url(queue));
        });
    }

    public void Delete(DeleteQueue request) => database.Write(_ =>
    {
        var queue = queues.Require(request.QueueUrl);
        messages.DeleteAll(queue);
        queues.Delete(queue);
    });

    public void Purge(PurgeQueue request) => messages.DeleteAll(queues.Require(request.QueueUrl));

    public GetQueueUrl.Response GetUrl(GetQueueUrl request) =>
        (request.QueueOwnerAWSAccountId is null || request.QueueOwnerAWSAccountId == options.AccountId) && queues.FindByName(request.QueueName) is { } queue
            ? new(queues.Url(queue))
            : throw SqsErrors.NoQueue();

    public ListQueues.Response List(ListQueues request)
    {
        var page = UrlPage(queues.All().Where(q => q.Name.StartsWith(request.QueueNamePrefix ?? "", StringComparison.Ordinal)), request.NextToken, request.MaxResults);
        return new(page.Items.Count > 0 ? page.Items : null, page.NextToken);
    }

    public ListDeadLetterSourceQueues.Response ListSources(ListDeadLetterSourceQueues request)
    {
        var target = queues.Require(request.QueueUrl);
        var page = UrlPage(queues.All().Where(q => Redrive.Of(q)?.Target == target.Arn), request.NextToken, request.MaxResults);
        return new(page.Items, page.NextToken);
    }

    private Page<string> UrlPage(IEnumerable<StoredQueue> found, string? token, int? size)
    {
        if (size is < 1 or > PageSize)
        {
            throw SqsErrors.InvalidValue("MaxResults", size, $"Must be between 1 and {PageSize}, if provided.");
        }

        return Page.Of(found.Select(queues.Url), u => u, token, size ?? PageSize, () => SqsErrors.InvalidValue("NextToken", token!, "It is no token of this listing."));
    }

    private static void RequireSame(StoredQueue there, IReadOnlyDictionary<string, string> set)
    {
        if (set.FirstOrDefault(a => there[a.Key] != a.Value).Key is { } other)
        {
            throw SqsErrors.Make("QueueNameExists", $"A queue already exists with the same name and a different value for attribute {other}");
        }
    }

    [GeneratedRegex(@"\A[A-Za-z0-9_-]{1,80}\z")]
    private static partial Regex NameForm();
}
