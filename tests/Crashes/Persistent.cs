using Slipway.Aws.Wire;

namespace Slipway.Tests.Crashes;

/// <summary>A client that repeats what failed while local AWS was away, as a person or a script repeats a command.</summary>
internal static class Persistent
{
    private const int MostRefusals = 5;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Repeats an action until it succeeds; gives up where it is refused again and again by a local AWS that is there.</summary>
    public static async Task<T> Run<T>(Func<Task<T>> action, CancellationToken cancellation)
    {
        for (var refusals = 0; ;)
        {
            try
            {
                return await action();
            }
            catch (Exception e) when (e is not OperationCanceledException && (IsAway(e) || ++refusals < MostRefusals))
            {
                await Task.Delay(Pause, TimeProvider.System, cancellation);
            }
        }
    }

    public static Task Run(Func<Task> action, CancellationToken cancellation) => Run(async () =>
    {
        await action();
        return true;
    }, cancellation);

    /// <summary>Whether local AWS could not be reached, or said that it can not answer yet.</summary>
    public static bool IsAway(Exception e) => e switch
    {
        AwsException known => known.Code == "ServiceUnavailable",
        Amazon.Runtime.AmazonServiceException service => (int)service.StatusCode == 0,
        Amazon.Runtime.AmazonClientException or HttpRequestException or IOException => true,
        _ => false,
    };
}
