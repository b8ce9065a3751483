using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Slipway.Workflow.Pipelines;

/// <summary>
/// What the expressions of <see cref="PipelineDefinition"/> stand for while <see cref="DirectRun"/> runs it: parameters,
/// the run itself, and what became of the steps.
/// </summary>
/// <param name="parameters">The parameters' values by name.</param>
/// <param name="runId">What <c>Execution.PipelineExecutionId</c> stands for.</param>
/// <param name="runArn">What <c>Execution.PipelineExecutionArn</c> stands for.</param>
/// <param name="read">Reads a JSON file in S3 by its URI.</param>
internal sealed partial class DefinitionScope(
    IReadOnlyDictionary<string, JsonNode> parameters, string runId, string runArn, Func<string, CancellationToken, Task<JsonNode>> read)
{
    private readonly Dictionary<string, (JsonObject Step, JsonNode Result)> _steps = [];

    /// <summary>Keeps what AWS describes of a step's job or resource, for the steps after it.</summary>
    public void Add(JsonObject step, JsonNode result) => _steps[(string)step["Name"]!] = (step, result);

    /// <summary>A value with its expressions replaced by what they stand for.</summary>
    public async Task<JsonNode?> Resolve(JsonNode? value, CancellationToken cancellation)
    {
        switch (value)
        {
            case JsonObject { Count: 1 } single when single.First() is { Key: "Get", Value: { } path }:
                return Get((string)path!).DeepClone();
            case JsonObject { Count: 1 } single when single.First() is { Key: "Std:Join", Value: { } join }:
                var parts = await ResolveAll(join["Values"]!.AsArray(), cancellation);
                return string.Join((string)join["On"]!, parts.Select(Text));
            case JsonObject { Count: 1 } single when single.First() is { Key: "Std:JsonGet", Value: { } get }:
                return (await Find(get, cancellation)).DeepClone();
            case JsonObject members:
                var resolved = new JsonObject();
                foreach (var (name, member) in members)
                {
                    resolved[name] = await Resolve(member, cancellation);
                }

                return resolved;
            case JsonArray items:
                return new JsonArray([.. await ResolveAll(items, cancellation)]);
            default:
                return value?.DeepClone();
        }
    }

    private async Task<List<JsonNode?>> ResolveAll(JsonArray items, CancellationToken cancellation)
    {
        var resolved = new List<JsonNode?>();
        foreach (var item in items)
        {
            resolved.Add(await Resolve(item, cancellation));
        }

        return resolved;
    }

    private static string Text(JsonNode? value) => value?.GetValueKind() == JsonValueKind.String ? (string)value! : value?.ToJsonString() ?? "";

    private JsonNode Get(string path) => path.Split('.', 3) switch
    {
        ["Parameters", var name] => parameters[name],
        ["Execution", "PipelineExecutionId"] => runId,
        ["Execution", "PipelineExecutionArn"] => runArn,
        ["Steps", var step, var rest] => Walk(_steps[step].Result, rest),
        _ => throw new InvalidOperationException($"the definition refers to {path}"),
    };

    private async Task<JsonNode> Find(JsonNode get, CancellationToken cancellation)
    {
        var (step, result) = get["PropertyFile"]!["Get"]!.GetValue<string>().Split('.') is ["Steps", var name, "PropertyFiles", var file] && _steps.TryGetValue(name, out var found)
            ? (found.Step["PropertyFiles"]!.AsArray().Single(f => (string)f!["PropertyFileName"]! == file)!, found.Result)
            : throw new InvalidOperationException($"the definition refers to {get["PropertyFile"]}");
        var folder = (string)Walk(result, $"ProcessingOutputConfig.Outputs['{step["OutputName"]}'].S3Output.S3Uri")!;
        return Walk(await read($"{folder}/{step["FilePath"]}", cancellation), (string)get["Path"]!);
    }

    /// <summary>Follows a path such as <c>a.b['c'].d</c>; a list's item is named by its OutputName.</summary>
    private static JsonNode Walk(JsonNode from, string path)
    {
        var node = from;
        foreach (Match part in PathPart().Matches(path))
        {
            var name = part.Groups["name"].Success ? part.Groups["name"].Value : part.Groups["member"].Value;
            node = (node is JsonArray items ? items.FirstOrDefault(i => (string?)i!["OutputName"] == name) : node[name])
                ?? throw new WorkflowException($"There is no {path} in what a step left behind.");
        }

        return node;
    }

    [GeneratedRegex(@"\['(?<name>[^']+)'\]|(?<member>[^.\[\]]+)", RegexOptions.ExplicitCapture)]
    private static partial Regex PathPart();
}
