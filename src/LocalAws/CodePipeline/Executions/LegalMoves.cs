using Slipway.Aws.CodePipeline;

namespace Slipway.LocalAws.CodePipeline.Executions;

/// <summary>Every change of a status that there is; any other is a mistake in the engine.</summary>
internal static class LegalMoves
{
    private static readonly HashSet<(PipelineExecutionStatus From, PipelineExecutionStatus To)> Executions =
    [
        (PipelineExecutionStatus.InProgress, PipelineExecutionStatus.Succeeded),
        (PipelineExecutionStatus.InProgress, PipelineExecutionStatus.Failed),
        (PipelineExecutionStatus.InProgress, PipelineExecutionStatus.Superseded),
        (PipelineExecutionStatus.InProgress, PipelineExecutionStatus.Stopping),
        (PipelineExecutionStatus.InProgress, PipelineExecutionStatus.Stopped),
        (PipelineExecutionStatus.InProgress, PipelineExecutionStatus.Cancelled),
        (PipelineExecutionStatus.Stopping, PipelineExecutionStatus.Stopped),
        (PipelineExecutionStatus.Stopping, PipelineExecutionStatus.Cancelled),
        // a retry
        (PipelineExecutionStatus.Failed, PipelineExecutionStatus.InProgress),
        (PipelineExecutionStatus.Stopped, PipelineExecutionStatus.InProgress),
    ];

    private static readonly HashSet<(StageExecutionStatus From, StageExecutionStatus To)> Stages =
    [
        (StageExecutionStatus.InProgress, StageExecutionStatus.Succeeded),
        (StageExecutionStatus.InProgress, StageExecutionStatus.Failed),
        (StageExecutionStatus.InProgress, StageExecutionStatus.Stopping),
        (StageExecutionStatus.InProgress, StageExecutionStatus.Stopped),
        (StageExecutionStatus.InProgress, StageExecutionStatus.Cancelled),
        (StageExecutionStatus.Stopping, StageExecutionStatus.Stopped),
        (StageExecutionStatus.Stopping, StageExecutionStatus.Cancelled),
        // a retry
        (StageExecutionStatus.InProgress, StageExecutionStatus.InProgress),
        (StageExecutionStatus.Failed, StageExecutionStatus.InProgress),
        (StageExecutionStatus.Stopped, StageExecutionStatus.InProgress),
    ];

    private static readonly HashSet<(ActionExecutionStatus From, ActionExecutionStatus To)> Actions =
    [
        (ActionExecutionStatus.InProgress, ActionExecutionStatus.Succeeded),
        (ActionExecutionStatus.InProgress, ActionExecutionStatus.Failed),
        (ActionExecutionStatus.InProgress, ActionExecutionStatus.Abandoned),
    ];

    public static void Check(PipelineExecutionStatus from, PipelineExecutionStatus to) => Require(Executions.Contains((from, to)), "an execution", from, to);

    public static void Check(StageExecutionStatus from, StageExecutionStatus to) => Require(Stages.Contains((from, to)), "a stage", from, to);

    public static void Check(ActionExecutionStatus from, ActionExecutionStatus to) => Require(Actions.Contains((from, to)), "an action", from, to);

    private static void Require<T>(bool isLegal, string what, T from, T to)
    {
        if (!isLegal)
        {
            throw new InvalidOperationException($"{what} can't go from {from} to {to}");
        }
    }
}
