using System.Text;
using Slipway.Aws.Wire;
using Slipway.LocalAws.Kms;
using Slipway.LocalAws.Sns.Deliveries;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.Sns;

/// <summary>The messages of topics with a KMS key, encrypted as long as they are kept: https://docs.aws.amazon.com/sns/latest/dg/sns-server-side-encryption.html</summary>
internal sealed class SealedMessages(KeyTable keys, Ciphertexts ciphertexts)
{
    /// <summary>A text encrypted by the topic's key, or null where the topic has none.</summary>
    /// <exception cref="AwsException">KMSNotFound, KMSDisabled or KMSInvalidState.</exception>
    public string? Seal(StoredTopic topic, string text, Caller caller) => topic[TopicAttributes.KmsMasterKeyId] is not { } key ? null
        : Told(() => Convert.ToBase64String(ciphertexts.Encrypt(keys.Resolve(key, caller).Usable(), Encoding.UTF8.GetBytes(text), Context(topic.Arn))));

    /// <summary>A message with its text readable.</summary>
    /// <exception cref="AwsException">KMSNotFound, KMSDisabled or KMSInvalidState.</exception>
    public Notification Open(Notification notification) => !notification.IsSealed ? notification : notification with
    {
        IsSealed = false,
        Message = Told(() => Encoding.UTF8.GetString(ciphertexts.Decrypt(Convert.FromBase64String(notification.Message), Context(notification.TopicArn)).Plaintext)),
    };

    private static Dictionary<string, string> Context(string topicArn) => new() { ["aws:sns:topicArn"] = topicArn };

    private static string Told(Func<string> use)
    {
        try
        {
            return use();
        }
        catch (AwsException e)
        {
            throw SnsErrors.Kms(e);
        }
    }
}
