using Slipway.Aws.Wire;
using Slipway.LocalAws.Storage;

namespace Slipway.LocalAws.Sqs;

/// <summary>A queue as it is kept.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Arn">Its ARN, in the region where it was made.</param>
/// <param name="Created">When it was made.</param>
/// <param name="Modified">When its attributes were last set.</param>
/// <param name="Attributes">What was set, by AWS's names.</param>
/// <param name="Tags">Its tags.</param>
internal sealed record StoredQueue(
    string Name, string Arn, DateTimeOffset Created, DateTimeOffset Modified, IReadOnlyDictionary<string, string> Attributes, IReadOnlyDictionary<string, string> Tags)
{
    /// <summary>An attribute: what was set, or else what holds by default; null where there is neither.</summary>
    public string? this[string attribute] => Attributes.GetValueOrDefault(attribute) ?? QueueAttributes.Defaults.GetValueOrDefault(attribute);

    /// <summary>The region where it was made.</summary>
    public string Region => Arn.Split(':')[3];

    /// <summary>An attribute that is a number of seconds or bytes.</summary>
    public int Number(string attribute) => int.Parse(this[attribute]!);

    /// <summary>An attribute that is a number of seconds.</summary>
    public TimeSpan Seconds(string attribute) => TimeSpan.FromSeconds(Number(attribute));
}

/// <summary>The queues.</summary>
internal sealed class QueueTable(Database database, LocalAwsOptions options, ListeningAddress address)
{
    private readonly Table<StoredQueue> _queues = new(database, "sqs-queue", q => q.Name);

    public List<StoredQueue> All() => _queues.All();

    public StoredQueue? FindByName(string name) => _queues.Find(name);

    /// <summary>A queue by its ARN, or null.</summary>
    public StoredQueue? Find(string arn) => _queues.Find(arn[(arn.LastIndexOf(':') + 1)..]) is { } queue && queue.Arn == arn ? queue : null;

    /// <summary>
    /// A queue by its URL. Account and name say which it is, whatever the host: a URL that was given at another port,
    /// or is AWS's own, is good too.
    /// </summary>
    /// <exception cref="AwsException">InvalidAddress for what is no URL of a queue, QueueDoesNotExist.</exception>
    public StoredQueue Require(string url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https") || address.AbsolutePath.Split('/') is not ["", var account, { Length: > 0 } name])
        {
            throw SqsErrors.Make("InvalidAddress", $"The address {url} is not valid for this endpoint.");
        }

        return account == options.AccountId && FindByName(name) is { } queue ? queue : throw SqsErrors.NoQueue();
    }

    /// <summary>A queue's URL, at the address where local AWS listens now.</summary>
    public string Url(StoredQueue queue) => new Uri(address.Endpoint, $"/{options.AccountId}/{queue.Name}").AbsoluteUri;

    public void Insert(StoredQueue queue) => _queues.Insert(queue);

    public void Update(StoredQueue queue) => _queues.Update(queue);

    public void Delete(StoredQueue queue) => _queues.Delete(queue.Name);
}
