using Slipway.Aws.Client;
using Slipway.Aws.CodePipeline;
using Slipway.Workflow.Pipelines;

namespace Slipway.Workflow.Release;

/// <summary>An execution that has ended, or that waits for a person.</summary>
/// <param name="Record">What it has done.</param>
/// <param name="Status">Its status.</param>
/// <param name="Approval">What waits; null where it has ended.</param>
/// <param name="Reason">Why it failed, where it has.</param>
public sealed record WatchedExecution(PipelineRecord Record, PipelineExecutionStatus Status, WaitingApproval? Approval, string? Reason);

/// <summary>Follows the executions of a pipeline.</summary>
public sealed class PipelineWatch(AwsSession session, string pipeline, TimeProvider time)
{
    private static readonly TimeSpan LongestStart = TimeSpan.FromMinutes(5);

    /// <summary>Waits until a commit has started the pipeline.</summary>
    /// <returns>The execution's id.</returns>
    /// <exception cref="WorkflowException">It has not, within five minutes.</exception>
    public async Task<string> Started(string commit, CancellationToken cancellation)
    {
        var waiting = new Waiting(time);
        for (var until = time.GetUtcNow() + LongestStart; time.GetUtcNow() < until; await waiting.Next(cancellation))
        {
            var newest = await session.Aws.Send(new ListPipelineExecutions(pipeline, 10), cancellation);
            if (newest.PipelineExecutionSummaries.FirstOrDefault(e => e.SourceRevisions.Any(r => r.RevisionId == commit)) is { } found)
            {
                return found.PipelineExecutionId;
            }
        }

        throw new WorkflowException($"The commit {commit} has not started {pipeline}: is the rule there that starts it, and did it reach the branch?");
    }

    /// <summary>Follows an execution until it has ended or waits for a person.</summary>
    /// <param name="execution">Its id.</param>
    /// <param name="changed">Called with each stage that is new or whose state has changed.</param>
    /// <param name="cancellation">Stops following; the execution goes on.</param>
    public async Task<WatchedExecution> Follow(string execution, Action<StepState> changed, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(changed);
        var waiting = new Waiting(time);
        var seen = new Dictionary<string, StepState>();
        while (true)
        {
            var state = (await session.Aws.Send(new GetPipelineExecution(pipeline, execution), cancellation)).PipelineExecution;
            var record = await PipelineRecord.Read(session, pipeline, execution, cancellation);
            foreach (var stage in record.Actions.Select(State).Where(s => seen.GetValueOrDefault(s.Name) != s))
            {
                seen[stage.Name] = stage;
                changed(stage);
                waiting.Changed();
            }

            var approval = state.Status == PipelineExecutionStatus.InProgress && record.Approval is { Status: ActionExecutionStatus.InProgress }
                ? (await WaitingApproval.Find(session, pipeline, cancellation)).FirstOrDefault(w => w.Execution == execution) : null;
            if (approval is not null || state.Status is not (PipelineExecutionStatus.InProgress or PipelineExecutionStatus.Stopping))
            {
                return new(record, state.Status, approval, await record.Failure(session, cancellation));
            }

            await waiting.Next(cancellation);
        }
    }

    private static StepState State(ActionExecutionDetail run)
    {
        var isOver = run.Status != ActionExecutionStatus.InProgress;
        var status = run.Status == ActionExecutionStatus.InProgress ? run.Input.ActionTypeId.Category == ActionCategory.Approval ? "Waits" : "Executing" : run.Status.ToString();
        var result = run.Output?.ExecutionResult;
        return new(run.StageName, status, run.StartTime, isOver ? run.LastUpdateTime : null,
            run.Status == ActionExecutionStatus.Failed ? result?.ErrorDetails?.Message ?? result?.ExternalExecutionSummary : null);
    }
}
