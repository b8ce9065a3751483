using Slipway.Aws.Sqs;
using Slipway.Aws.Wire;
using Slipway.LocalAws.Storage;

namespace Slipway.LocalAws.Sqs;

/// <summary>The tags of queues: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-queue-tags.html</summary>
internal sealed class QueueTags(Database database, QueueTable queues)
{
    public void Add(TagQueue request) => Change(request.QueueUrl, tags => Put(tags, request.Tags));

    public void Remove(UntagQueue request) => Change(request.QueueUrl, tags => tags.Where(t => !request.TagKeys.Contains(t.Key)).ToDictionary());

    public ListQueueTags.Response List(ListQueueTags request) => new(queues.Require(request.QueueUrl).Tags is { Count: > 0 } tags ? tags : null);

    /// <summary>Tags with others added or changed.</summary>
    /// <exception cref="AwsException">InvalidParameterValueException.</exception>
    public static IReadOnlyDictionary<string, string> Put(IReadOnlyDictionary<string, string> tags, IReadOnlyDictionary<string, string> more)
    {
        var all = tags.ToDictionary();
        foreach (var (key, value) in more)
        {
            if (key.Length is 0 or > TagLimits.LongestKey || value.Length > TagLimits.LongestValue || TagLimits.IsReserved(key))
            {
                throw SqsErrors.Invalid($"The tag {key} must have a key of 1 to {TagLimits.LongestKey} characters that does not start with aws:, and a value of at most {TagLimits.LongestValue}.");
            }

            all[key] = value;
        }

        return all.Count <= TagLimits.Most ? all : throw SqsErrors.Invalid($"Too many tags added for queue: a queue has at most {TagLimits.Most}.");
    }

    private void Change(string url, Func<IReadOnlyDictionary<string, string>, IReadOnlyDictionary<string, string>> change) => database.Write(_ =>
    {
        var queue = queues.Require(url);
        queues.Update(queue with { Tags = change(queue.Tags) });
    });
}
