using Slipway.Aws.Client;
using Slipway.Aws.CodePipeline;
using Slipway.Aws.SageMaker;

namespace Slipway.Workflow.Release;

/// <summary>
/// Makes what a person answered in a pipeline the decision on the version that this very execution stands for. It can be
/// repeated: the answer is CodePipeline's, and the same answer leaves the same decision.
/// </summary>
public sealed class PipelineDecision(AwsSession session)
{
    /// <summary>Records the answer.</summary>
    /// <returns>What is so now, in words.</returns>
    /// <exception cref="BadInputException">There is no such execution, it has no version, or nobody has answered it yet.</exception>
    public async Task<string> Record(string pipeline, string execution, CancellationToken cancellation)
    {
        var record = await PipelineRecord.Read(session, pipeline, execution, cancellation);
        var arn = record.ModelPackageArn ?? throw new BadInputException($"The execution {execution} of {pipeline} has registered no version, so there is none to decide on.");
        var approval = record.Approval is { Status: ActionExecutionStatus.Succeeded or ActionExecutionStatus.Failed } ended ? ended
            : throw new BadInputException($"The approval of the execution {execution} of {pipeline} has not been answered yet.");
        var (by, words) = await Answer(record, approval, cancellation);
        if (approval.Status == ActionExecutionStatus.Failed && by is null)
        {
            return $"Nobody answered the approval in time, so {arn} stays as it is.";
        }

        var decision = approval.Status == ActionExecutionStatus.Succeeded ? ModelApprovalStatus.Approved : ModelApprovalStatus.Rejected;
        var version = await session.Aws.Send(new DescribeModelPackage(arn), cancellation);
        if (version.ModelApprovalStatus == decision)
        {
            return $"{arn} is {decision} already.";
        }

        // a change of the README that is rejected must not take back the model that an earlier change brought
        if (decision == ModelApprovalStatus.Rejected && !record.IsNew && version.ModelApprovalStatus == ModelApprovalStatus.Approved)
        {
            return $"{arn} stays Approved: an earlier execution registered it, and this one changed nothing of the model.";
        }

        await session.Aws.Send(new UpdateModelPackage(arn, decision, ApprovalDescription: words.Length > 0 ? words : null), cancellation);
        return $"{arn} is {decision}, as {by} answered: {(words.Length > 0 ? words : "(no words)")}";
    }

    /// <summary>Who answered, null where nobody did, and in which words.</summary>
    private async Task<(string? By, string Words)> Answer(PipelineRecord record, ActionExecutionDetail approval, CancellationToken cancellation)
    {
        if (approval is { UpdatedBy: { } by, Output.ExecutionResult.ExternalExecutionSummary: { } words })
        {
            return (by, words);
        }

        // the runs of actions need not have the answer; the state of the stage has it as long as no other execution is there
        var state = await session.Aws.Send(new GetPipelineState(record.Pipeline), cancellation);
        var stage = state.StageStates.FirstOrDefault(s => s.StageName == approval.StageName && s.LatestExecution?.PipelineExecutionId == record.Id);
        var latest = stage?.ActionStates.FirstOrDefault(a => a.ActionName == approval.ActionName)?.LatestExecution;
        return (approval.UpdatedBy ?? latest?.LastUpdatedBy, approval.Output?.ExecutionResult?.ExternalExecutionSummary ?? latest?.Summary ?? "");
    }
}
