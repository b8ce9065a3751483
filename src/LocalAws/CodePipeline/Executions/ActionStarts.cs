using Slipway.Aws.CodePipeline;
using Slipway.Aws.Wire;

namespace Slipway.LocalAws.CodePipeline.Executions;

/// <summary>Begins runs of actions: resolves what their settings refer to, and finds their artifacts.</summary>
internal sealed class ActionStarts(PipelineTable pipelines, ExecutionMoves moves, TimeProvider time)
{
    // https://docs.aws.amazon.com/codepipeline/latest/userguide/approvals.html
    private static readonly TimeSpan ApprovalTimeout = TimeSpan.FromDays(7);

    /// <summary>Begins a run; one whose references nothing answers fails at once.</summary>
    public void Start(ExecutionRow execution, PipelineDeclaration structure, StageRow stage, ActionDeclaration action, ExecutionData data)
    {
        var now = time.GetUtcNow();
        var region = pipelines.Require(execution.Pipeline).Region;
        var bucket = ArtifactPlaces.StoreOf(structure, region).Location;
        var isApproval = action.ActionTypeId.Category == ActionCategory.Approval;
        var configuration = action.Configuration ?? new Dictionary<string, string>();
        AwsException? unresolved = null;
        IReadOnlyDictionary<string, string> resolved = configuration;
        try
        {
            resolved = VariableReferences.Resolve(configuration, data);
        }
        catch (AwsException e)
        {
            unresolved = e;
        }

        var row = new ActionRow(
            Guid.NewGuid().ToString(), execution.Pipeline, execution.Id, execution.Version, stage.Stage, action.Name, stage.Attempt, ActionExecutionStatus.InProgress, now, now,
            new(action.ActionTypeId, configuration, resolved, action.RoleArn, region, [.. (action.InputArtifacts ?? []).Select(a => data.Artifact(a.Name))], action.Namespace),
            [.. (action.OutputArtifacts ?? []).Select(a => new ArtifactDetail(a.Name, new(bucket, ArtifactPlaces.NewKey(execution.Pipeline, a.Name))))])
        {
            Token = isApproval ? Guid.NewGuid().ToString() : null,
            Expires = isApproval ? now + (action.TimeoutInMinutes is { } minutes ? TimeSpan.FromMinutes(minutes) : ApprovalTimeout) : null,
        };
        moves.Start(execution, row with { Result = new() { ExternalId = row.Token } });
        if (unresolved is not null)
        {
            moves.Action(execution, row with { Result = ActionResult.Failed("ConfigurationError", unresolved.Message) }, ActionExecutionStatus.Failed);
        }
    }
}
