using Slipway.Aws.Sns;
using Slipway.Aws.Sqs;
using Slipway.Aws.Wire;
using Slipway.LocalAws.Sns;
using Slipway.LocalAws.Sqs;
using Slipway.LocalAws.Storage;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.EventBridge;

/// <summary>The targets that take events as messages, which carry no token: queues of SQS and topics of SNS.</summary>
internal sealed class MessageTargets(Database database, QueueTable queues, Sending sending, Publications publications)
{
    /// <summary>Whether the resources of a service, as an ARN names it, are such targets.</summary>
    public static bool Has(string service) => service is "sqs" or "sns";

    /// <summary>Hands a delivery to its target and forgets it, in one transaction, so that it comes once.</summary>
    /// <exception cref="AwsException">The target's own error.</exception>
    public void HandAndForget(EventDelivery delivery, Caller caller, Action forget) => database.Write(_ =>
    {
        var arn = delivery.Target.Arn;
        if (arn.Split(':')[2] == "sns")
        {
            publications.Publish(new Publish(delivery.Input, arn), caller);
        }
        else
        {
            var queue = queues.Find(arn) ?? throw SqsErrors.NoQueue();
            sending.Send(new SendMessage(queues.Url(queue), delivery.Input), caller);
        }

        forget();
    });
}
