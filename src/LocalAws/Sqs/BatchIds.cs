using System.Text.RegularExpressions;
using Slipway.Aws.Wire;

namespace Slipway.LocalAws.Sqs;

/// <summary>What SQS, and SNS like it, ask of the ids of a batch's entries.</summary>
internal static partial class BatchIds
{
    private const int MostEntries = 10;
    private const int LongestId = 80;

    /// <summary>Checks the entries' ids.</summary>
    /// <param name="ids">The ids.</param>
    /// <param name="error">Makes the service's error of a code and a message.</param>
    /// <exception cref="AwsException">EmptyBatchRequest, TooManyEntriesInBatchRequest, InvalidBatchEntryId or BatchEntryIdsNotDistinct.</exception>
    public static void Check(IReadOnlyList<string> ids, Func<string, string, AwsException> error)
    {
        if (ids.Count == 0)
        {
            throw error("EmptyBatchRequest", "The batch request doesn't contain any entries.");
        }

        if (ids.Count > MostEntries)
        {
            throw error("TooManyEntriesInBatchRequest", "The batch request contains more entries than permissible.");
        }

        if (ids.FirstOrDefault(id => !IdForm().IsMatch(id)) is { } invalid)
        {
            throw error("InvalidBatchEntryId", invalid.Length > LongestId
                ? $"The Id of a batch entry in the batch request is too long: {invalid}"
                : $"The Id of a batch entry in the batch request contains an impermissible character: {invalid}");
        }

        if (ids.Distinct().Count() != ids.Count)
        {
            throw error("BatchEntryIdsNotDistinct", "Two or more batch entries in the request have the same Id.");
        }
    }

    [GeneratedRegex(@"\A[A-Za-z0-9_-]{1,80}\z")]
    private static partial Regex IdForm();
}
