using Slipway.LocalAws.Kms;
using Slipway.LocalAws.Sns.Deliveries;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.Sns;

/// <summary>The messages of topics with a KMS key, encrypted as long as they are kept: https://docs.aws.amazon.com/sns/latest/dg/sns-server-side-encryption.html</summary>
internal sealed class SealedMessages(KeyTable keys, Ciphertexts ciphertexts) : SealedTexts(keys, ciphertexts, "KMS")
{
    /// <summary>A text encrypted by the topic's key, or null where the topic has none.</summary>
    /// <exception cref="Aws.Wire.AwsException">KMSNotFound, KMSDisabled or KMSInvalidState.</exception>
    public string? Seal(StoredTopic topic, string text, Caller caller) =>
        topic[TopicAttributes.KmsMasterKeyId] is not { } key ? null : Encrypt(text, key, Context(topic.Arn), caller);

    /// <summary>A message with its text readable.</summary>
    /// <exception cref="Aws.Wire.AwsException">KMSAccessDenied where the key is gone, KMSDisabled or KMSInvalidState.</exception>
    public Notification Open(Notification notification) => !notification.IsSealed ? notification : notification with
    {
        IsSealed = false,
        Message = Decrypt(notification.Message, Context(notification.TopicArn)),
    };

    private static Dictionary<string, string> Context(string topicArn) => new() { ["aws:sns:topicArn"] = topicArn };
}
