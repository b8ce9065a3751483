using System.Text.Json;
using System.Text.Json.Nodes;
using static Slipway.Workflow.Pipelines.DefinitionJson;

namespace Slipway.Workflow.Pipelines;

/// <summary>
/// Slipway's pipeline as SageMaker's own definition: extract → validate → preprocess → train → evaluate → gate → register,
/// which is left out where a version holds the same model already.
/// Nothing in it is of our making, so it runs on AWS as it is.
/// </summary>
public static class PipelineDefinition
{
    /// <summary>What the reason of an execution starts with whose model the gate refused.</summary>
    public const string Refusal = "The gate refused the model";

    /// <summary>The parameters that an execution may set, with their defaults.</summary>
    public static IReadOnlyList<PipelineParameter> Parameters { get; } =
    [
        new("AucThreshold", "Float", 0.65),
        new("ChampionTolerance", "Float", 0.01),
        new("Split", "String", "specification", ["specification", "auto", "random", "time"]),
        new("AsOf", "String", "now"),
        new("CommitId", "String", "none"),
        new("NumBoostRound", "Integer", 500),
        new("EarlyStoppingRounds", "Integer", 30),
        new("LearningRate", "Float", 0.1),
        new("NumLeaves", "Integer", 15),
        new("MinDataInLeaf", "Integer", 20),
        new("Seed", "Integer", 42),
    ];

    /// <summary>The whole definition.</summary>
    public static JsonObject Build(PipelineSettings settings)
    {
        var steps = new PipelineSteps(settings);
        return new()
        {
            ["Version"] = "2020-12-01",
            ["Metadata"] = new JsonObject(),
            ["Parameters"] = new JsonArray([.. Parameters.Select(p => p.ToJson())]),
            ["PipelineExperimentConfig"] = null,
            ["Steps"] = new JsonArray(steps.Extract(), steps.Validate(), steps.Preprocess(), steps.Train(), steps.Evaluate(), Gate(), IsNew(settings)),
        };
    }

    private static JsonObject Gate() => Condition(StepNames.Gate, Passed(), [], [Refuse()]);

    // a condition step of its own, since SageMaker runs none inside another's branch
    private static JsonObject IsNew(PipelineSettings settings) => Condition(
        StepNames.IsNew,
        [.. Passed(), new JsonObject { ["Type"] = "Equals", ["LeftValue"] = JsonGet(StepNames.Evaluate, "Evaluation", "registered_as"), ["RightValue"] = Evaluation.None }],
        [RegisterStep.Of(settings)], []);

    private static JsonNode[] Passed() =>
    [
        AtLeast(JsonGet(StepNames.Evaluate, "Evaluation", "gate.auc"), Parameter("AucThreshold")),
        AtLeast(JsonGet(StepNames.Evaluate, "Evaluation", "gate.champion_margin"), JsonValue.Create(0.0)),
    ];

    private static JsonObject Condition(string name, JsonNode[] conditions, JsonNode[] then, JsonNode[] otherwise) => new()
    {
        ["Name"] = name,
        ["Type"] = "Condition",
        ["Arguments"] = new JsonObject { ["Conditions"] = new JsonArray(conditions), ["IfSteps"] = new JsonArray(then), ["ElseSteps"] = new JsonArray(otherwise) },
    };

    private static JsonObject AtLeast(JsonNode left, JsonNode right) => new()
    {
        ["Type"] = "GreaterThanOrEqualTo",
        ["LeftValue"] = left,
        ["RightValue"] = right,
    };

    private static JsonObject Refuse() => new()
    {
        ["Name"] = StepNames.Refuse,
        ["Type"] = "Fail",
        ["Arguments"] = new JsonObject
        {
            ["ErrorMessage"] = Join(
                "", $"{Refusal}: ", JsonGet(StepNames.Evaluate, "Evaluation", "gate.words"), ". The threshold is ",
                Parameter("AucThreshold"), "; the champion may be better by at most ", Parameter("ChampionTolerance"), "."),
        },
    };
}

/// <summary>The names of the pipeline's steps.</summary>
public static class StepNames
{
    /// <summary>Reads the data as of a time.</summary>
    public const string Extract = "Extract";

    /// <summary>Checks the data.</summary>
    public const string Validate = "Validate";

    /// <summary>Splits and encodes.</summary>
    public const string Preprocess = "Preprocess";

    /// <summary>Trains.</summary>
    public const string Train = "Train";

    /// <summary>Judges the model on held-out rows.</summary>
    public const string Evaluate = "Evaluate";

    /// <summary>Lets a model through or not.</summary>
    public const string Gate = "Gate";

    /// <summary>Looks whether the model that the gate let through is a version already.</summary>
    public const string IsNew = "IsNew";

    /// <summary>Registers the model that the gate let through.</summary>
    public const string Register = "Register";

    /// <summary>Fails the execution of a model that the gate refused.</summary>
    public const string Refuse = "Refuse";
}

/// <summary>A parameter of the pipeline.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">String, Integer or Float.</param>
/// <param name="Default">What it is where an execution says nothing.</param>
/// <param name="Values">All values that it may have, or null where any will do.</param>
public sealed record PipelineParameter(string Name, string Type, object Default, IReadOnlyList<string>? Values = null)
{
    internal JsonObject ToJson()
    {
        var json = new JsonObject { ["Name"] = Name, ["Type"] = Type, ["DefaultValue"] = JsonSerializer.SerializeToNode(Default) };
        if (Values is not null)
        {
            json["EnumValues"] = Strings(Values);
        }

        return json;
    }
}
