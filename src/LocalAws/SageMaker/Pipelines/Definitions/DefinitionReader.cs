using System.Text.Json;
using System.Text.RegularExpressions;
using Slipway.Aws.Wire;
using Slipway.LocalAws.SageMaker.Pipelines.Steps;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.SageMaker.Pipelines.Definitions;

/// <summary>
/// Reads a pipeline's definition, version 2020-12-01:
/// https://docs.aws.amazon.com/sagemaker/latest/dg/define-pipeline.html. What can't be run in full is refused, with
/// what it is and where it stands.
/// </summary>
internal sealed partial class DefinitionReader
{
    private static readonly IReadOnlyList<string> Members =
        ["Name", "Type", "Arguments", "DependsOn", "DisplayName", "Description", "PropertyFiles", "CacheConfig", "RetryPolicies"];

    private readonly Dictionary<string, StepType> _types;

    public DefinitionReader(Parts parts) =>
        _types = Parts.Types.Where(t => t.IsAssignableTo(typeof(StepType))).Select(t => (StepType)parts.Get(t)).ToDictionary(t => t.Name);

    /// <summary>Reads and checks a definition.</summary>
    /// <exception cref="AwsException">ValidationException for one that is malformed or that local AWS can't run in full.</exception>
    public PipelineDefinition Read(string json)
    {
        var root = Parse(json);
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw DefinitionErrors.At("", "it must be a structure");
        }

        RequireOnly(root, "", "Version", "Metadata", "Parameters", "PipelineExperimentConfig", "MlflowConfig", "Steps");
        if (Text(root, "Version", "") is var version && version != "2020-12-01")
        {
            throw DefinitionErrors.At("Version", version is null ? "it is missing; it must be 2020-12-01" : $"it must be 2020-12-01, not {version}");
        }

        if (Given(root, "MlflowConfig") is not null)
        {
            throw DefinitionErrors.At("MlflowConfig", "it is not supported by local AWS");
        }

        var parameters = DefinitionParameters.Read(Given(root, "Parameters"));
        var steps = new List<PipelineStep>();
        ReadSteps(Given(root, "Steps") ?? throw DefinitionErrors.At("Steps", "they are missing"), "Steps", null, steps);
        if (steps.Count == 0)
        {
            throw DefinitionErrors.At("Steps", "a pipeline has at least one step");
        }

        return new StepGraph(parameters, steps).Check(Given(root, "PipelineExperimentConfig"));
    }

    /// <summary>A member that is there and not null.</summary>
    internal static JsonElement? Given(JsonElement value, string name) =>
        value.TryGetProperty(name, out var member) && member.ValueKind != JsonValueKind.Null ? member : null;

    /// <summary>A member that is a string, or null where it is absent.</summary>
    internal static string? Text(JsonElement value, string name, string where) => Given(value, name) is not { } member ? null
        : member.ValueKind == JsonValueKind.String ? member.GetString()
        : throw DefinitionErrors.At(where, $"{name} must be a string");

    /// <summary>Refuses members that are not known.</summary>
    internal static void RequireOnly(JsonElement value, string where, params IReadOnlyList<string> names)
    {
        if (value.EnumerateObject().FirstOrDefault(m => !names.Contains(m.Name)) is { Value.ValueKind: not JsonValueKind.Undefined } unknown)
        {
            throw DefinitionErrors.At(where, $"the member {unknown.Name} is not supported by local AWS");
        }
    }

    /// <summary>A member's items, none where it is absent.</summary>
    internal static IEnumerable<JsonElement> Items(JsonElement value, string name, string where) => Given(value, name) is not { } member ? []
        : member.ValueKind == JsonValueKind.Array ? member.EnumerateArray()
        : throw DefinitionErrors.At(where, $"{name} must be a list");

    private static JsonElement Parse(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { AllowDuplicateProperties = false });
            JsonText.RequireTexts(document.RootElement);
            return document.RootElement.Clone();
        }
        catch (InvalidOperationException)
        {
            throw DefinitionErrors.At("", "a text has an escape of half a surrogate pair, which is no character");
        }
        catch (JsonException e)
        {
            var what = e.Message.Split(" LineNumber:")[0].Split(" Path:")[0];
            throw DefinitionErrors.At("", $"It isn't JSON at line {e.LineNumber + 1}, column {e.BytePositionInLine + 1}: {what}");
        }
    }

    private void ReadSteps(JsonElement list, string where, StepBranch? branch, List<PipelineStep> steps)
    {
        if (list.ValueKind != JsonValueKind.Array)
        {
            throw DefinitionErrors.At(where, "it must be a list");
        }

        foreach (var (i, value) in list.EnumerateArray().Index())
        {
            var step = ReadStep(value, $"{where}[{i}]", branch);
            if (steps.FirstOrDefault(s => s.Name == step.Name) is { } twin)
            {
                throw DefinitionErrors.At(step.Where, $"the name is that of {twin.Where} too; step names must be unique");
            }

            steps.Add(step);
            var (then, otherwise) = step.Type.Branches(step.Arguments);
            if (then is { } ifSteps)
            {
                ReadSteps(ifSteps, step.Where + ".Arguments.IfSteps", new(step.Name, If: true), steps);
            }

            if (otherwise is { } elseSteps)
            {
                ReadSteps(elseSteps, step.Where + ".Arguments.ElseSteps", new(step.Name, If: false), steps);
            }
        }
    }

    private PipelineStep ReadStep(JsonElement value, string where, StepBranch? branch)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            throw DefinitionErrors.At(where, "a step must be a structure");
        }

        var name = Text(value, "Name", where) ?? throw DefinitionErrors.At(where, "the step has no Name");
        where = $"{where} '{name}'";
        if (!NamePattern().IsMatch(name))
        {
            throw DefinitionErrors.At(where, "a step's name has 1 to 64 letters, digits, hyphens and underscores");
        }

        var typeName = Text(value, "Type", where) ?? throw DefinitionErrors.At(where, "the step has no Type");
        var type = _types.GetValueOrDefault(typeName) ?? throw DefinitionErrors.At(where, $"step type {typeName} is not supported by local AWS");
        RequireOnly(value, where, [.. Members, .. type.OwnMembers]);
        return new PipelineStep
        {
            Name = name,
            Type = type,
            Where = where,
            Arguments = ReadArguments(value, type, where),
            DependsOn = [.. Items(value, "DependsOn", where).Select(d => d.ValueKind == JsonValueKind.String ? d.GetString()! : throw DefinitionErrors.At(where, "DependsOn lists names of steps"))],
            DisplayName = Text(value, "DisplayName", where),
            Description = Text(value, "Description", where),
            PropertyFiles = StepOptions.ReadPropertyFiles(value, type, where),
            Cache = StepOptions.ReadCache(value, type, where),
            RetryPolicies = StepOptions.ReadRetryPolicies(value, type, where),
            Branch = branch,
        };
    }

    private static JsonElement ReadArguments(JsonElement step, StepType type, string where)
    {
        var arguments = Given(step, "Arguments") is { ValueKind: JsonValueKind.Object } given ? given : throw DefinitionErrors.At(where, "Arguments must be a structure");
        return type.OwnMembers.Count == 0 ? arguments
            : JsonSerializer.SerializeToElement(type.OwnMembers.Append("Arguments").Where(m => Given(step, m) is not null).ToDictionary(m => m, m => step.GetProperty(m)));
    }

    [GeneratedRegex(@"\A[A-Za-z0-9\-_]{1,64}\z")]
    private static partial Regex NamePattern();
}
