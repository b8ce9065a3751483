using System.Globalization;
using Slipway.Aws.Sns;
using Slipway.Aws.Wire;
using Slipway.LocalAws.Storage;

namespace Slipway.LocalAws.Sns;

/// <summary>A topic as it is kept.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Arn">Its ARN, in the region where it was made.</param>
/// <param name="Owner">The account.</param>
/// <param name="Attributes">What was set, by AWS's names.</param>
/// <param name="Tags">Its tags, by key.</param>
/// <param name="SubscriptionsDeleted">How many subscriptions it had that have ended.</param>
internal sealed record StoredTopic(
    string Name, string Arn, string Owner, IReadOnlyDictionary<string, string> Attributes, IReadOnlyList<Tag> Tags, int SubscriptionsDeleted = 0)
{
    /// <summary>An attribute that was set, or null.</summary>
    public string? this[string attribute] => Attributes.GetValueOrDefault(attribute);
}

/// <summary>The topics.</summary>
internal sealed class TopicTable(Database database)
{
    private const int ArnParts = 6;
    private readonly Table<StoredTopic> _topics = new(database, "sns-topic", t => t.Name);

    public List<StoredTopic> All() => _topics.All();

    public StoredTopic? FindByName(string name) => _topics.Find(name);

    /// <summary>A topic by its ARN, or null.</summary>
    public StoredTopic? Find(string arn) => _topics.Find(arn[(arn.LastIndexOf(':') + 1)..]) is { } topic && topic.Arn == arn ? topic : null;

    /// <summary>A topic by its ARN.</summary>
    /// <exception cref="AwsException">InvalidParameter for what is no ARN, NotFound for what is no topic.</exception>
    public StoredTopic Require(string arn, string member = "TopicArn")
    {
        CheckArn(arn, member);
        return Find(arn) ?? throw SnsErrors.NotFound("Topic");
    }

    public void Insert(StoredTopic topic) => _topics.Insert(topic);

    public void Update(StoredTopic topic) => _topics.Update(topic);

    public void Delete(StoredTopic topic) => _topics.Delete(topic.Name);

    /// <summary>Checks that a text is an ARN of SNS.</summary>
    /// <exception cref="AwsException">InvalidParameter.</exception>
    public static void CheckArn(string arn, string member)
    {
        var parts = arn.Split(':');
        if (parts.Length < ArnParts)
        {
            throw SnsErrors.Invalid(string.Create(CultureInfo.InvariantCulture, $"{member} Reason: An ARN must have at least {ArnParts} elements, not {parts.Length}"));
        }

        if (parts is not ["arn", _, "sns", ..])
        {
            throw SnsErrors.Invalid(member);
        }
    }
}
