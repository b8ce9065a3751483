using Slipway.Aws.Client;
using Slipway.Aws.CodeBuild;
using Slipway.Aws.Logs;
using Slipway.Aws.Wire;

namespace Slipway.Workflow.Release;

/// <summary>What a build printed, from CloudWatch Logs.</summary>
public static class BuildLog
{
    private const string OwnError = "slipway: ";
    private const int MostLines = 200;

    /// <summary>The last lines of a build's log, at most 200; none where it has none.</summary>
    /// <param name="session">Where AWS is.</param>
    /// <param name="build">The build's id, as CodePipeline has it.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<IReadOnlyList<string>> Read(AwsSession session, string build, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(session);
        var found = await session.Aws.Send(new BatchGetBuilds([build]), cancellation);
        if (found.Builds is not [{ Logs: { GroupName: { } group, StreamName: { } stream } }])
        {
            return [];
        }

        try
        {
            var page = await session.Aws.Send(new GetLogEvents(stream, group, Limit: MostLines, StartFromHead: false), cancellation);
            return [.. page.Events.SelectMany(e => e.Message.TrimEnd('\n').Split('\n'))];
        }
        catch (AwsException e) when (e.Code == "ResourceNotFoundException")
        {
            return [];
        }
    }

    /// <summary>What Slipway itself said of a failure in a build, such as the gate's numbers; null where it said nothing.</summary>
    public static async Task<string?> Error(AwsSession session, string build, CancellationToken cancellation) =>
        (await Read(session, build, cancellation)).LastOrDefault(l => l.StartsWith(OwnError, StringComparison.Ordinal))?[OwnError.Length..];
}
