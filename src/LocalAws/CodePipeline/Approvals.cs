using Slipway.Aws.CodePipeline;
using Slipway.Aws.Wire;
using Slipway.LocalAws.CodePipeline.Executions;
using Slipway.LocalAws.Storage;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.CodePipeline;

/// <summary>The answers to approvals: https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_PutApprovalResult.html</summary>
internal sealed class Approvals(Database database, PipelineTable table, ExecutionStore store, Flow flow, TimeProvider time)
{
    /// <summary>Answers an approval; what is acknowledged here is on disk, with all that follows from it.</summary>
    public PutApprovalResult.Response Put(PutApprovalResult request, Caller caller) => database.Write(_ =>
    {
        var structure = table.Current(table.Require(request.PipelineName));
        var stage = structure.Stages.FirstOrDefault(s => s.Name == request.StageName) ?? throw CodePipelineErrors.NoStage(request.PipelineName, request.StageName);
        if (stage.Actions.All(a => a.Name != request.ActionName))
        {
            throw CodePipelineErrors.NoAction(request.StageName, request.ActionName);
        }

        var run = store.ByToken(request.Token);
        if (run is null || run.Pipeline != request.PipelineName || run.Stage != request.StageName || run.Action != request.ActionName)
        {
            throw Invalid("The approval token is not one of this approval action");
        }

        if (run.UpdatedBy is not null)
        {
            throw CodePipelineErrors.Of("ApprovalAlreadyCompleted", "The approval action has already been approved or rejected.");
        }

        if (run.Status != ActionExecutionStatus.InProgress || run.Expires <= time.GetUtcNow())
        {
            throw Invalid("The approval request already received a response or has expired.");
        }

        var (summary, by) = (request.Result.Summary, caller.Identity.Arn);
        var isApproved = request.Result.Status == ApprovalStatus.Approved;
        flow.End(run.Id, isApproved ? ActionExecutionStatus.Succeeded : ActionExecutionStatus.Failed, r => r with
        {
            UpdatedBy = by,
            Result = r.Result with
            {
                Summary = summary, Error = isApproved ? null : new("JobFailed", summary.Length > 0 ? summary : "The approval action was rejected"),
            },
        });
        return new PutApprovalResult.Response(time.GetUtcNow());
    });

    private static AwsException Invalid(string message) => CodePipelineErrors.Of("InvalidApprovalToken", message);
}
