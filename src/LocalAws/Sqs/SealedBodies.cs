using Slipway.LocalAws.Kms;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.Sqs;

/// <summary>The bodies of messages in queues with a KMS key, encrypted as long as they are kept: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-server-side-encryption.html</summary>
internal sealed class SealedBodies(KeyTable keys, Ciphertexts ciphertexts) : SealedTexts(keys, ciphertexts, "Kms")
{
    /// <summary>A message with its body encrypted by the queue's key, or as it is where the queue has none.</summary>
    /// <exception cref="Aws.Wire.AwsException">KmsNotFound, KmsDisabled or KmsInvalidState.</exception>
    public StoredMessage Seal(StoredQueue queue, StoredMessage message, Caller caller) => queue[QueueAttributes.KmsMasterKeyId] is not { } key ? message : message with
    {
        IsSealed = true,
        Body = Encrypt(message.Body, key, Context(message), caller),
    };

    /// <summary>A message with its body readable.</summary>
    /// <exception cref="Aws.Wire.AwsException">KmsAccessDenied where the key is gone, KmsDisabled or KmsInvalidState.</exception>
    public StoredMessage Open(StoredMessage message) => !message.IsSealed ? message : message with
    {
        IsSealed = false,
        Body = Decrypt(message.Body, Context(message)),
    };

    // its queue may change to the dead-letter queue, its id does not
    private static Dictionary<string, string> Context(StoredMessage message) => new() { ["MessageId"] = message.Id };
}
