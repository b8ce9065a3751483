using System.Text;
using Slipway.Aws.Wire;
using Slipway.LocalAws.Kms;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.Sqs;

/// <summary>The bodies of messages in queues with a KMS key, encrypted as long as they are kept: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-server-side-encryption.html</summary>
internal sealed class SealedBodies(KeyTable keys, Ciphertexts ciphertexts)
{
    /// <summary>A message with its body encrypted by the queue's key, or as it is where the queue has none.</summary>
    /// <exception cref="AwsException">KmsNotFound, KmsDisabled or KmsInvalidState.</exception>
    public StoredMessage Seal(StoredQueue queue, StoredMessage message, Caller caller) => queue[QueueAttributes.KmsMasterKeyId] is not { } key ? message : Told(() => message with
    {
        IsSealed = true,
        Body = Convert.ToBase64String(ciphertexts.Encrypt(keys.Resolve(key, caller).Usable(), Encoding.UTF8.GetBytes(message.Body), Context(message))),
    });

    /// <summary>A message with its body readable.</summary>
    /// <exception cref="AwsException">KmsNotFound, KmsDisabled or KmsInvalidState.</exception>
    public StoredMessage Open(StoredMessage message) => !message.IsSealed ? message : Told(() => message with
    {
        IsSealed = false,
        Body = Encoding.UTF8.GetString(ciphertexts.Decrypt(Convert.FromBase64String(message.Body), Context(message)).Plaintext),
    });

    // its queue may change to the dead-letter queue, its id does not
    private static Dictionary<string, string> Context(StoredMessage message) => new() { ["MessageId"] = message.Id };

    private static StoredMessage Told(Func<StoredMessage> use)
    {
        try
        {
            return use();
        }
        catch (AwsException e)
        {
            throw SqsErrors.Kms(e);
        }
    }
}
