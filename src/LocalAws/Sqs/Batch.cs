using Slipway.Aws.Sqs;
using Slipway.Aws.Wire;

namespace Slipway.LocalAws.Sqs;

/// <summary>Batches: each entry is done or fails by itself.</summary>
internal static class Batch
{
    /// <summary>Does each entry; what one is refused by is its own error in the answer.</summary>
    public static (List<TDone> Done, List<BatchResultErrorEntry> Failed) Of<TEntry, TDone>(IReadOnlyList<TEntry> entries, Func<TEntry, string> id, Func<TEntry, TDone> act)
    {
        var done = new List<TDone>();
        var failed = new List<BatchResultErrorEntry>();
        foreach (var entry in entries)
        {
            try
            {
                done.Add(act(entry));
            }
            catch (AwsException e) when ((int)e.Status is >= 400 and < 500)
            {
                failed.Add(new(id(entry), SenderFault: true, QueryErrors.Codes.GetValueOrDefault(e.Code, e.Code), e.Message));
            }
        }

        return (done, failed);
    }
}
