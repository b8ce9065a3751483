using System.Text.Json.Nodes;

namespace Slipway.Workflow.Pipelines;

/// <summary>
/// The pieces of SageMaker's pipeline definition language, version 2020-12-01:
/// https://aws-sagemaker-mlops.github.io/sagemaker-model-building-pipeline-definition-JSON-schema/
/// </summary>
internal static class DefinitionJson
{
    /// <summary>A value that is known when the pipeline runs: a parameter, a property of a step, a variable of the execution.</summary>
    public static JsonObject Get(string path) => new() { ["Get"] = path };

    /// <summary>A parameter's value.</summary>
    public static JsonObject Parameter(string name) => Get($"Parameters.{name}");

    /// <summary>Values side by side, as one string.</summary>
    public static JsonObject Join(string on, params JsonNode[] values) => new()
    {
        ["Std:Join"] = new JsonObject { ["On"] = on, ["Values"] = new JsonArray(values) },
    };

    /// <summary>A value inside a JSON file that a processing step wrote.</summary>
    public static JsonObject JsonGet(string step, string propertyFile, string path) => new()
    {
        ["Std:JsonGet"] = new JsonObject { ["PropertyFile"] = Get($"Steps.{step}.PropertyFiles.{propertyFile}"), ["Path"] = path },
    };

    /// <summary>A value of any type as a string, since metadata and messages are strings.</summary>
    public static JsonObject Text(JsonNode value) => Join("", value);

    /// <summary>A JSON array of strings.</summary>
    public static JsonArray Strings(params IEnumerable<string> values) => new([.. values.Select(v => (JsonNode)v)]);

    /// <summary>The S3 location of a processing step's output.</summary>
    public static JsonObject Output(string step, string name) => Get($"Steps.{step}.ProcessingOutputConfig.Outputs['{name}'].S3Output.S3Uri");
}
