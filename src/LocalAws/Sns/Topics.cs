using System.Text.RegularExpressions;
using Slipway.Aws.Sns;
using Slipway.Aws.Wire;
using Slipway.LocalAws.Storage;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.Sns;

/// <summary>Topics: https://docs.aws.amazon.com/sns/latest/dg/sns-create-topic.html</summary>
internal sealed partial class Topics(Database database, TopicTable topics, SubscriptionTable subscriptions, TopicAttributes attributes)
{
    private const int PageSize = 100;

    public CreateTopic.Response Create(CreateTopic request, Caller caller)
    {
        var given = request.Attributes ?? new Dictionary<string, string>();
        if (given.TryGetValue("FifoTopic", out var fifo) && fifo == "true")
        {
            throw AwsErrors.NotImplemented("CreateTopic.Attributes.FifoTopic: local AWS has standard topics alone");
        }

        if (!NameForm().IsMatch(request.Name))
        {
            throw SnsErrors.Invalid("Topic Name");
        }

        var checkedAttributes = attributes.CheckAll(given, caller);
        var tags = TopicTags.Put([], request.Tags ?? []);
        return database.Write(_ =>
        {
            if (topics.FindByName(request.Name) is { } there)
            {
                RequireSame(there, checkedAttributes, tags);
                return new CreateTopic.Response(there.Arn);
            }

            var topic = new StoredTopic(request.Name, caller.Arn("sns", request.Name), caller.AccountId, checkedAttributes, tags);
            topics.Insert(topic);
            return new CreateTopic.Response(topic.Arn);
        });
    }

    public void Delete(DeleteTopic request)
    {
        TopicTable.CheckArn(request.TopicArn, "TopicArn");
        database.Write(_ =>
        {
            if (topics.Find(request.TopicArn) is { } topic)
            {
                topics.Delete(topic);
                subscriptions.DeleteAll(topic.Arn);
            }
        });
    }

    public ListTopics.Response List(ListTopics request)
    {
        var page = Page.Of(topics.All(), t => t.Arn, request.NextToken, PageSize, () => SnsErrors.Invalid("NextToken"));
        return new([.. page.Items.Select(t => new Topic(t.Arn))], page.NextToken);
    }

    public GetTopicAttributes.Response GetAttributes(GetTopicAttributes request) => new(attributes.Of(topics.Require(request.TopicArn)));

    public void SetAttributes(SetTopicAttributes request, Caller caller) => database.Write(_ =>
    {
        var topic = topics.Require(request.TopicArn);
        var set = topic.Attributes.ToDictionary();
        if (request.AttributeValue is { Length: > 0 } value)
        {
            set[request.AttributeName] = attributes.Check(request.AttributeName, value, caller);
        }
        else
        {
            TopicAttributes.CheckName(request.AttributeName);
            set.Remove(request.AttributeName);
        }

        topics.Update(topic with { Attributes = set });
    });

    private static void RequireSame(StoredTopic there, IReadOnlyDictionary<string, string> attributes, IReadOnlyList<Tag> tags)
    {
        if (attributes.Any(a => there[a.Key] != a.Value))
        {
            throw SnsErrors.Invalid("Attributes Reason: Topic already exists with different attributes");
        }

        if (tags.Except(there.Tags).Any())
        {
            throw SnsErrors.Invalid("Tags Reason: Topic already exists with different tags");
        }
    }

    [GeneratedRegex(@"\A[A-Za-z0-9_-]{1,256}\z")]
    private static partial Regex NameForm();
}
