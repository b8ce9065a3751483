using Slipway.Aws.CodePipeline;
using Slipway.Aws.Wire;
using Slipway.LocalAws.CodePipeline.Executions;
using Slipway.LocalAws.Storage;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.CodePipeline;

/// <summary>
/// The transitions between stages: https://docs.aws.amazon.com/codepipeline/latest/userguide/transitions.html. What leaves a
/// stage enters the next one, so that the outbound transition of a stage is the inbound one of the stage after it.
/// </summary>
internal sealed class StageTransitions(Database database, PipelineTable table, Flow flow, TimeProvider time)
{
    public void Enable(EnableStageTransition request, Caller caller) =>
        Change(request.PipelineName, request.StageName, request.TransitionType, new(Enabled: true, caller.Identity.Arn, time.GetUtcNow()));

    public void Disable(DisableStageTransition request, Caller caller) =>
        Change(request.PipelineName, request.StageName, request.TransitionType, new(Enabled: false, caller.Identity.Arn, time.GetUtcNow(), request.Reason));

    private void Change(string name, string stage, string type, TransitionState state) => database.Write(_ =>
    {
        var pipeline = table.Require(name);
        var stages = table.Current(pipeline).Stages.Select(s => s.Name).ToList();
        var position = stages.IndexOf(stage);
        if (position < 0)
        {
            throw CodePipelineErrors.NoStage(name, stage);
        }

        var into = position + (type == "Outbound" ? 1 : 0);
        if (into == stages.Count)
        {
            throw AwsErrors.Validation($"Stage '{stage}' is the last one of pipeline '{name}', so that nothing transitions out of it");
        }

        table.Change(name, p => p with { Transitions = new Dictionary<string, TransitionState>(p.Transitions) { [stages[into]] = state } });
        flow.Advance(name);
    });
}
