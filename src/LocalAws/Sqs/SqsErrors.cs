using System.Net;
using Slipway.Aws.Wire;

namespace Slipway.LocalAws.Sqs;

/// <summary>SQS's own errors: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/CommonErrors.html</summary>
internal static class SqsErrors
{
    /// <summary>A queue that is not there.</summary>
    public static AwsException NoQueue() => Make("QueueDoesNotExist", "The specified queue does not exist.");

    /// <summary>An input that SQS does not take.</summary>
    public static AwsException Invalid(string message) => Make("InvalidParameterValueException", message);

    /// <summary>A parameter's value that SQS does not take.</summary>
    public static AwsException InvalidValue(string parameter, object value, string reason) => Invalid($"Value {value} for parameter {parameter} is invalid. Reason: {reason}");

    /// <summary>A parameter that is required and empty.</summary>
    public static AwsException Missing(string parameter) => Make("MissingRequiredParameterException", $"The request must contain the parameter {parameter}.");

    /// <summary>A name that is no attribute's.</summary>
    public static AwsException UnknownAttribute(string name) => Make("InvalidAttributeName", $"Unknown Attribute {name}.");

    /// <summary>A value that the attribute does not take.</summary>
    public static AwsException InvalidAttribute(string message) => Make("InvalidAttributeValue", message);

    /// <summary>A text that is no receipt of the queue's.</summary>
    public static AwsException InvalidReceipt(string handle) => Make("ReceiptHandleIsInvalid", $"The input receipt handle \"{handle}\" is not a valid receipt handle.");

    /// <summary>So many messages of a queue are received and not deleted that it gives no more.</summary>
    public static AwsException OverLimit() => new("OverLimit", HttpStatusCode.Forbidden, "Too many messages in flight.");

    /// <summary>Refuses a member that FIFO queues alone have.</summary>
    public static AwsException NoFifo(string what) => AwsErrors.NotImplemented($"{what}: local AWS has standard queues, and no FIFO queues");

    /// <summary>An error with a code of its own.</summary>
    public static AwsException Make(string code, string message) => new(code, HttpStatusCode.BadRequest, message);
}
