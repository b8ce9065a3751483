using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Slipway.Aws.Wire;

namespace Slipway.LocalAws.CodePipeline.Executions;

/// <summary>The references in settings of actions, such as <c>#{SourceVariables.CommitId}</c>: https://docs.aws.amazon.com/codepipeline/latest/userguide/reference-variables.html</summary>
internal static partial class VariableReferences
{
    /// <summary>The setting that is JSON, whose values are resolved one by one: what a variable holds can't break it.</summary>
    public const string EnvironmentVariables = "EnvironmentVariables";

    /// <summary>The references in a text.</summary>
    public static IEnumerable<(string Namespace, string Name)> In(string text) => Reference().Matches(text).Select(m => (m.Groups[1].Value, m.Groups[2].Value));

    /// <summary>What is written like a reference and is none, or null.</summary>
    public static string? Malformed(string text) => Opening().Matches(text).Select(m => m.Value).FirstOrDefault(v => !Reference().IsMatch(v));

    /// <summary>Settings with the values of what they refer to.</summary>
    /// <exception cref="AwsException">InvalidActionDeclarationException: nothing has such a name.</exception>
    public static Dictionary<string, string> Resolve(IReadOnlyDictionary<string, string> configuration, ExecutionData data) =>
        configuration.ToDictionary(s => s.Key, s => s.Key == EnvironmentVariables ? InJson(s.Value, data) : Resolve(s.Value, data));

    private static string Resolve(string text, ExecutionData data) => Reference().Replace(text, m => Value(m.Groups[1].Value, m.Groups[2].Value, data));

    private static string InJson(string text, ExecutionData data)
    {
        var variables = JsonNode.Parse(text)!.AsArray();
        foreach (var variable in variables.OfType<JsonObject>())
        {
            if (variable["value"] is { } value && value.GetValueKind() == JsonValueKind.String)
            {
                variable["value"] = Resolve(value.GetValue<string>(), data);
            }
        }

        return variables.ToJsonString(AwsJson.Lenient);
    }

    private static string Value(string space, string name, ExecutionData data) =>
        data.Namespaces.GetValueOrDefault(space)?.GetValueOrDefault(name)
        ?? throw CodePipelineErrors.Action(
            $"The variable reference #{{{space}.{name}}} could not be resolved: {(data.Namespaces.TryGetValue(space, out var known) ? Known(space, known) : $"no action with the namespace {space} has run")}.");

    private static string Known(string space, IReadOnlyDictionary<string, string> known) =>
        known.Count == 0 ? $"{space} has no variables" : $"{space} has {string.Join(", ", known.Keys.Order(StringComparer.Ordinal))}";

    [GeneratedRegex(@"#\{([A-Za-z0-9@\-_]+)\.([A-Za-z0-9@\-_]+)\}")]
    private static partial Regex Reference();

    [GeneratedRegex(@"#\{[^}]*\}?")]
    private static partial Regex Opening();
}
