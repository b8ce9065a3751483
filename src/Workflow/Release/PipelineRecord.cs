using Slipway.Aws.Client;
using Slipway.Aws.CodePipeline;
using Slipway.Aws.Wire;
using Slipway.Workflow.Platform;

namespace Slipway.Workflow.Release;

/// <summary>What a pipeline's execution has done so far, as CodePipeline's runs of actions tell it.</summary>
/// <param name="Pipeline">The pipeline.</param>
/// <param name="Id">The execution's id.</param>
/// <param name="Actions">The latest run of each action, in the order of their start.</param>
public sealed record PipelineRecord(string Pipeline, string Id, IReadOnlyList<ActionExecutionDetail> Actions)
{
    /// <summary>Reads it.</summary>
    /// <exception cref="BadInputException">There is no such pipeline or execution.</exception>
    public static async Task<PipelineRecord> Read(AwsSession session, string pipeline, string execution, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(session);
        var runs = new List<ActionExecutionDetail>();
        string? token = null;
        try
        {
            do
            {
                var page = await session.Aws.Send(new ListActionExecutions(pipeline, new(PipelineExecutionId: execution), NextToken: token), cancellation);
                runs.AddRange(page.ActionExecutionDetails);
                token = page.NextToken;
            }
            while (token is not null);
        }
        catch (AwsException e) when (e.Code is "PipelineNotFoundException" or "PipelineExecutionNotFoundException")
        {
            throw new BadInputException($"--pipeline {pipeline} --execution {execution}: {e.Message}", e);
        }

        // CodePipeline lists the newest first; an action that was retried has several runs
        return new(pipeline, execution, [.. runs.DistinctBy(r => (r.StageName, r.ActionName)).Reverse()]);
    }

    /// <summary>The ARN of the version that the execution stands for; null before it has one.</summary>
    public string? ModelPackageArn => Variable(BuildVariableNames.ModelPackageArn);

    /// <summary>Whether the execution registered that version itself, and did not find it there.</summary>
    public bool IsNew => Variable(BuildVariableNames.ModelIsNew) == "true";

    /// <summary>The commit; null before the source was read.</summary>
    public string? Commit => Variable("CommitId");

    /// <summary>The repository of the commit.</summary>
    public string? Repository => Variable("RepositoryName");

    /// <summary>The branch of the commit.</summary>
    public string? Branch => Variable("BranchName");

    /// <summary>The commit's message.</summary>
    public string? Message => Variable("CommitMessage");

    /// <summary>The approval; null before the execution has come to it.</summary>
    public ActionExecutionDetail? Approval => Actions.LastOrDefault(a => a.Input.ActionTypeId.Category == ActionCategory.Approval);

    /// <summary>Why it failed: in Slipway's own words where a build has them, such as the gate's numbers, else in CodePipeline's; null where it has not.</summary>
    public async Task<string?> Failure(AwsSession session, CancellationToken cancellation)
    {
        if (Actions.LastOrDefault(a => a.Status == ActionExecutionStatus.Failed) is not { Output.ExecutionResult: { } result } failed)
        {
            return null;
        }

        var isBuild = failed.Input.ActionTypeId is { Provider: "CodeBuild" } && result.ExternalExecutionId is not null;
        return (isBuild ? await BuildLog.Error(session, result.ExternalExecutionId!, cancellation) : null) ?? result.ErrorDetails?.Message ?? result.ExternalExecutionSummary;
    }

    /// <summary>A variable that an action of the execution left; null where none did.</summary>
    public string? Variable(string name) =>
        Actions.Select(a => a.Output?.OutputVariables?.GetValueOrDefault(name)).LastOrDefault(v => v is { Length: > 0 });
}
