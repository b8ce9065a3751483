using System.Text.Json;
using Slipway.Aws.SageMaker;
using Slipway.LocalAws.SageMaker.Pipelines.Definitions;
using Slipway.LocalAws.SageMaker.Pipelines.Executions;

namespace Slipway.LocalAws.SageMaker.Pipelines.Steps;

/// <summary>Decides which of two branches runs: https://docs.aws.amazon.com/sagemaker/latest/dg/build-and-manage-steps-types.html#step-type-condition</summary>
internal sealed class ConditionStep : StepType
{
    public override string Name => "Condition";

    public override bool ActsOutside => false;

    public override Type? Properties => typeof(Decision);

    public override (JsonElement? If, JsonElement? Else) Branches(JsonElement arguments) =>
        (DefinitionReader.Given(arguments, "IfSteps"), DefinitionReader.Given(arguments, "ElseSteps"));

    /// <summary>The conditions alone: the branches' steps are steps of their own.</summary>
    public override JsonElement OwnArguments(JsonElement arguments) =>
        DefinitionReader.Given(arguments, "Conditions") ?? JsonSerializer.SerializeToElement(Array.Empty<object>());

    public override void Check(JsonElement arguments, string where, ExpressionKinds kinds)
    {
        DefinitionReader.RequireOnly(arguments, where, "Conditions", "IfSteps", "ElseSteps");
        var conditions = DefinitionReader.Items(arguments, "Conditions", where).ToList();
        if (conditions.Count == 0)
        {
            throw DefinitionErrors.At(where, "a condition step has at least one condition in Conditions");
        }

        foreach (var (i, condition) in conditions.Index())
        {
            Conditions.Check(condition, $"{where}.Conditions[{i}]", kinds);
        }
    }

    public override Task<StepResult> Run(StepAttempt attempt, CancellationToken shutdown)
    {
        var outcome = attempt.Arguments.EnumerateArray().All(Conditions.Holds) ? "True" : "False";
        return Task.FromResult(new StepResult(
            StepStatus.Succeeded, new(Condition: new(outcome)), JsonSerializer.SerializeToElement(new Decision(outcome))));
    }

    /// <summary>What references to a condition step find.</summary>
    internal sealed record Decision(string Outcome)
    {
        public string Outcome { get; init; } = Outcome;
    }
}
