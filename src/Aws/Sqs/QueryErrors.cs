namespace Slipway.Aws.Sqs;

/// <summary>
/// What SQS called its errors while it spoke the query protocol; its JSON answers name both, as
/// https://smithy.io/2.0/aws/protocols/aws-query-protocol.html#aws-protocols-awsquerycompatible-trait says.
/// </summary>
public static class QueryErrors
{
    private const string Prefix = "AWS.SimpleQueueService.";

    /// <summary>The former codes by today's, where they differ.</summary>
    public static IReadOnlyDictionary<string, string> Codes { get; } = new Dictionary<string, string>
    {
        ["BatchEntryIdsNotDistinct"] = Prefix + "BatchEntryIdsNotDistinct",
        ["BatchRequestTooLong"] = Prefix + "BatchRequestTooLong",
        ["EmptyBatchRequest"] = Prefix + "EmptyBatchRequest",
        ["InvalidBatchEntryId"] = Prefix + "InvalidBatchEntryId",
        ["MessageNotInflight"] = Prefix + "MessageNotInflight",
        ["QueueDoesNotExist"] = Prefix + "NonExistentQueue",
        ["QueueNameExists"] = "QueueAlreadyExists",
        ["TooManyEntriesInBatchRequest"] = Prefix + "TooManyEntriesInBatchRequest",
        ["UnsupportedOperation"] = Prefix + "UnsupportedOperation",
        ["KmsAccessDenied"] = "KMS.AccessDeniedException",
        ["KmsNotFound"] = "KMS.NotFoundException",
        ["KmsDisabled"] = "KMS.DisabledException",
        ["KmsInvalidState"] = "KMS.InvalidStateException",
        ["InvalidParameterValueException"] = "InvalidParameterValue",
        ["MissingRequiredParameterException"] = "MissingParameter",
    };
}
