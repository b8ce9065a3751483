using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Slipway.LocalAws.Sns.Deliveries;

/// <summary>
/// What an endpoint gets around a message: https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html, signed as
/// https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message-verify-message-signature.html says.
/// </summary>
internal sealed class Envelope(MessageSigner signer, ListeningAddress address)
{
    private static readonly JsonSerializerOptions Format = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A message in its envelope.</summary>
    /// <param name="notification">The message, readable.</param>
    /// <param name="signatureVersion">1 (SHA-1) or 2 (SHA-256), as the topic says; null: 1.</param>
    public string Of(Notification notification, string? signatureVersion)
    {
        var version = signatureVersion ?? "1";
        var members = new JsonObject { ["Type"] = $"{notification.Type}", ["MessageId"] = notification.MessageId };
        Add("Token", notification.Token);
        Add("TopicArn", notification.TopicArn);
        Add("Subject", notification.Subject);
        Add("Message", notification.Message);
        Add("SubscribeURL", notification.Token is null ? null : SubscribeUrl(notification));
        Add("Timestamp", notification.Timestamp.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
        Add("SignatureVersion", version);
        Add("Signature", signer.Sign(ToSign(members), version));
        Add("SigningCertURL", new Uri(address.Endpoint, signer.CertificatePath).AbsoluteUri);
        Add("UnsubscribeURL", notification.Type == NotificationType.Notification ? UnsubscribeUrl(notification) : null);
        if (notification.MessageAttributes is { Count: > 0 } attributes)
        {
            members["MessageAttributes"] = new JsonObject(attributes.Select(a => KeyValuePair.Create(a.Key, (JsonNode?)new JsonObject
            {
                ["Type"] = a.Value.DataType, ["Value"] = a.Value.BinaryValue is { Length: > 0 } bytes ? Convert.ToBase64String(bytes) : a.Value.StringValue,
            })));
        }

        return members.ToJsonString(Format);

        void Add(string name, string? value)
        {
            if (value is not null)
            {
                members[name] = value;
            }
        }
    }

    /// <summary>Where the endpoint of a subscription confirms it.</summary>
    public string SubscribeUrl(Notification notification) => Url("ConfirmSubscription", ("TopicArn", notification.TopicArn), ("Token", notification.Token!));

    /// <summary>Where the endpoint of a subscription ends it.</summary>
    public string UnsubscribeUrl(Notification notification) => Url("Unsubscribe", ("SubscriptionArn", notification.SubscriptionArn));

    private string Url(string action, params (string Name, string Value)[] parameters) =>
        $"{address.Endpoint}?Action={action}{string.Concat(parameters.Select(p => $"&{p.Name}={p.Value}"))}";

    /// <summary>Names and values, each on a line, in the order of the names.</summary>
    private static string ToSign(JsonObject members)
    {
        var text = new StringBuilder();
        foreach (var name in new[] { "Message", "MessageId", "Subject", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type" })
        {
            if (members[name] is { } value)
            {
                text.Append(name).Append('\n').Append(value.GetValue<string>()).Append('\n');
            }
        }

        return text.ToString();
    }
}
