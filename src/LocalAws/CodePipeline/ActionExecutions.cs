using Slipway.Aws.CodePipeline;
using Slipway.Aws.Wire;
using Slipway.LocalAws.CodePipeline.Executions;
using Slipway.LocalAws.Storage;

namespace Slipway.LocalAws.CodePipeline;

/// <summary>The runs of actions: https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_ListActionExecutions.html</summary>
internal sealed class ActionExecutions(PipelineTable table, ExecutionStore store, PipelineExecutions executions)
{
    private const int DefaultPage = 100;

    public ListActionExecutions.Response List(ListActionExecutions request)
    {
        var pipeline = table.Require(request.PipelineName);
        if (request.Filter is { PipelineExecutionId: not null, LatestInPipelineExecution: not null })
        {
            throw AwsErrors.Validation("The filter has both a pipelineExecutionId and latestInPipelineExecution; it takes either");
        }

        var latest = request.Filter?.LatestInPipelineExecution;
        var found = (request.Filter?.PipelineExecutionId ?? latest?.PipelineExecutionId) is { } id
            ? Enumerable.Reverse(store.Actions(executions.Require(pipeline.Name, id).Id)).ToList()
            : store.ActionsOf(pipeline.Name);
        if (latest is { StartTimeRange: "Latest" })
        {
            found = [.. found.DistinctBy(a => (a.Stage, a.Action))];
        }

        var page = Page.Of(found, a => a.Id, request.NextToken, request.MaxResults ?? DefaultPage, CodePipelineErrors.InvalidToken);
        return new([.. page.Items.Select(Detail)], page.NextToken);
    }

    private static ActionExecutionDetail Detail(ActionRow run) => new(
        run.Execution, run.Id, run.Version, run.Stage, run.Action, run.Started, run.Updated, run.UpdatedBy, run.Status, run.Input, new(
            run.Status == ActionExecutionStatus.Succeeded ? run.OutputArtifacts : [],
            new(run.Result.ExternalId, run.Result.Summary, run.Result.ExternalUrl, run.Result.Error, run.Result.LogStreamArn), run.Result.Variables));
}
