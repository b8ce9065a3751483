using System.Globalization;
using Slipway.Aws.Client;
using Slipway.Aws.CodePipeline;
using Slipway.Aws.Wire;

namespace Slipway.Workflow.Release;

/// <summary>An approval that waits for a person.</summary>
/// <param name="Pipeline">The pipeline.</param>
/// <param name="Stage">The stage.</param>
/// <param name="Action">The action.</param>
/// <param name="Execution">The execution that waits.</param>
/// <param name="Token">What answers it, once.</param>
public sealed record WaitingApproval(string Pipeline, string Stage, string Action, string Execution, string Token)
{
    /// <summary>The command of AWS's own that approves it.</summary>
    public string AwsCommand =>
        $"aws codepipeline put-approval-result --pipeline-name {Pipeline} --stage-name {Stage} --action-name {Action} "
        + $"--result summary=\"Approved for deployment\",status=Approved --token {Token}";

    /// <summary>Slipway's command that approves it.</summary>
    public string Command => $"./slipway approve --pipeline {Pipeline} --words \"Approved for deployment\"";

    /// <summary>The approvals of a pipeline that wait.</summary>
    /// <exception cref="BadInputException">There is no such pipeline.</exception>
    public static async Task<IReadOnlyList<WaitingApproval>> Find(AwsSession session, string pipeline, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(session);
        try
        {
            var state = await session.Aws.Send(new GetPipelineState(pipeline), cancellation);
            return [.. from stage in state.StageStates
                       from action in stage.ActionStates
                       where action.LatestExecution is { Status: ActionExecutionStatus.InProgress, Token: not null } && stage.LatestExecution is not null
                       select new WaitingApproval(pipeline, stage.StageName, action.ActionName, stage.LatestExecution!.PipelineExecutionId, action.LatestExecution!.Token!)];
        }
        catch (AwsException e) when (e.Code == "PipelineNotFoundException")
        {
            throw new BadInputException($"There is no pipeline {pipeline}. ./slipway status shows those that are there.", e);
        }
    }

    /// <summary>Answers it.</summary>
    /// <returns>When it was answered.</returns>
    public async Task<string> Answer(AwsSession session, ApprovalStatus status, string words, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(session);
        var answered = await session.Aws.Send(new PutApprovalResult(Pipeline, Stage, Action, new(words, status), Token), cancellation);
        return answered.ApprovedAt.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
    }
}
