using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Slipway.Aws.Wire;
using Slipway.LocalAws.SageMaker.Pipelines.Definitions;

namespace Slipway.LocalAws.SageMaker.Pipelines.Executions;

/// <summary>The values of an execution's expressions: its parameters, its variables, and what its steps have answered so far.</summary>
internal sealed class Scope(ExecutionRow execution, PipelineDefinition definition, PropertyFiles files, TimeProvider time)
{
    private readonly Dictionary<string, JsonElement> _parameters = definition.Parameters
        .Join(execution.Facts.Parameters, d => d.Name, p => p.Name, (d, p) => (d.Name, Value: DefinitionParameters.ValueOf(d, p.Value))).ToDictionary(p => p.Name, p => p.Value);

    private readonly Dictionary<string, PipelineStep> _steps = definition.Steps.ToDictionary(s => s.Name);
    private readonly ConcurrentDictionary<string, JsonElement> _properties = new();

    /// <summary>Makes the answer of a step known.</summary>
    public void Add(string step, JsonElement properties) => _properties[step] = properties;

    /// <summary>A value with every expression in it replaced by its value.</summary>
    /// <exception cref="AwsException">A value isn't there.</exception>
    public async Task<JsonElement> Resolve(JsonElement value, CancellationToken cancellation)
    {
        var values = new Dictionary<string, JsonElement>();
        foreach (var (where, expression) in Expression.Outermost(value, ""))
        {
            values[where] = await Evaluate(expression, cancellation);
        }

        if (values.Count == 0)
        {
            return value;
        }

        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            Write(writer, value, "", values);
        }

        using var document = JsonDocument.Parse(buffer.ToArray());
        return document.RootElement.Clone();
    }

    private static void Write(Utf8JsonWriter writer, JsonElement value, string where, Dictionary<string, JsonElement> values)
    {
        if (values.TryGetValue(where, out var found))
        {
            found.WriteTo(writer);
        }
        else if (value.ValueKind == JsonValueKind.Object)
        {
            writer.WriteStartObject();
            foreach (var member in value.EnumerateObject())
            {
                writer.WritePropertyName(member.Name);
                Write(writer, member.Value, $"{where}.{member.Name}", values);
            }

            writer.WriteEndObject();
        }
        else if (value.ValueKind == JsonValueKind.Array)
        {
            writer.WriteStartArray();
            foreach (var (i, item) in value.EnumerateArray().Index())
            {
                Write(writer, item, $"{where}[{i}]", values);
            }

            writer.WriteEndArray();
        }
        else
        {
            value.WriteTo(writer);
        }
    }

    private async Task<JsonElement> Evaluate(Expression expression, CancellationToken cancellation) => expression switch
    {
        Literal literal => literal.Value,
        ParameterReference parameter => _parameters[parameter.Name],
        ExecutionVariable variable => JsonSerializer.SerializeToElement(Variable(variable.Name)),
        StepProperty property => _properties.TryGetValue(property.Step, out var answer) && property.Path.Find(answer) is { } value ? value
            : throw AwsErrors.Validation($"Steps.{property.Step}.{property.Path.Text} has no value."),
        Join join => await Evaluate(join, cancellation),
        JsonGet get => await Evaluate(get, cancellation),
        _ => throw new InvalidOperationException($"{expression.GetType()} has no value"),
    };

    private async Task<JsonElement> Evaluate(Join join, CancellationToken cancellation)
    {
        var text = new StringBuilder();
        foreach (var (i, part) in join.Values.Index())
        {
            var value = await Evaluate(part, cancellation);
            if (value.ValueKind is JsonValueKind.Object or JsonValueKind.Array or JsonValueKind.Null)
            {
                throw AwsErrors.Validation($"Std:Join can't join {value.GetRawText()}.");
            }

            text.Append(i > 0 ? join.On : "").Append(DefinitionParameters.Text(value));
        }

        return JsonSerializer.SerializeToElement(text.ToString());
    }

    private async Task<JsonElement> Evaluate(JsonGet get, CancellationToken cancellation)
    {
        var uri = get.S3Uri is { } given ? DefinitionParameters.Text(await Evaluate(given, cancellation)) : Uri(get.Step!, get.PropertyFile!);
        var content = await files.Read(uri, cancellation);
        return get.Path.Find(content) ?? throw AwsErrors.Validation($"Std:JsonGet finds nothing at the path '{get.Path.Text}' of {uri}.");
    }

    /// <summary>Where a property file lies, by what describing its step's job answered.</summary>
    private string Uri(string step, string name)
    {
        var file = _steps[step].PropertyFiles.Single(f => f.PropertyFileName == name);
        var output = ValuePath.Parse($"ProcessingOutputConfig.Outputs['{file.OutputName}'].S3Output.S3Uri")!;
        return _properties.TryGetValue(step, out var answer) && output.Find(answer) is { ValueKind: JsonValueKind.String } uri
            ? $"{uri.GetString()!.TrimEnd('/')}/{file.FilePath.TrimStart('/')}"
            : throw AwsErrors.Validation($"The property file Steps.{step}.PropertyFiles.{name} has no place in S3: the step's output {file.OutputName} has no S3 URI.");
    }

    private string Variable(string name) => name switch
    {
        "PipelineName" => execution.Pipeline,
        "PipelineArn" => execution.Facts.PipelineArn,
        "PipelineExecutionId" => execution.Id,
        "PipelineExecutionArn" => execution.Facts.Arn,
        "StartDateTime" => Iso(execution.Created),
        _ => Iso(time.GetUtcNow()),
    };

    private static string Iso(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'");
}
