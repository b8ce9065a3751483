using System.Text.Json;
using Slipway.Aws.Wire;

namespace Slipway.LocalAws.SageMaker.Pipelines.Definitions;

/// <summary>A function or reference inside a pipeline definition, whose value is known when a step runs.</summary>
internal abstract record Expression
{
    private static readonly IReadOnlyList<string> ExecutionVariables =
        ["PipelineName", "PipelineArn", "PipelineExecutionId", "PipelineExecutionArn", "StartDateTime", "CurrentDateTime"];

    /// <summary>The expression that a value is, or null for a plain value.</summary>
    /// <exception cref="AwsException">It is no function that local AWS knows, or is malformed.</exception>
    public static Expression? Read(JsonElement value, string where)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        var first = value.EnumerateObject().FirstOrDefault();
        if (first.Value.ValueKind == JsonValueKind.Undefined || (first.Name != "Get" && !first.Name.StartsWith("Std:", StringComparison.Ordinal)))
        {
            return null;
        }

        if (value.EnumerateObject().Count() > 1)
        {
            throw DefinitionErrors.At(where, $"the function {first.Name} stands beside other members");
        }

        return first.Name switch
        {
            "Get" => ReadGet(first.Value, where),
            "Std:Join" => ReadJoin(first.Value, where),
            "Std:JsonGet" => ReadJsonGet(first.Value, where),
            _ => throw DefinitionErrors.At(where, $"the function {first.Name} is not supported by local AWS"),
        };
    }

    /// <summary>Every expression inside a value with its place, functions before their arguments.</summary>
    public static IEnumerable<(string Where, Expression Expression)> In(JsonElement value, string where) =>
        Outermost(value, where).SelectMany(e => e.Expression.WithParts(e.Where));

    /// <summary>The expressions inside a value that are no part of another one, with their places.</summary>
    public static IEnumerable<(string Where, Expression Expression)> Outermost(JsonElement value, string where)
    {
        if (Read(value, where) is { } expression)
        {
            return [(where, expression)];
        }

        return value.ValueKind switch
        {
            JsonValueKind.Object => value.EnumerateObject().SelectMany(m => Outermost(m.Value, $"{where}.{m.Name}")),
            JsonValueKind.Array => value.EnumerateArray().SelectMany((item, i) => Outermost(item, $"{where}[{i}]")),
            _ => [],
        };
    }

    /// <summary>The expressions that this one is made of, itself first.</summary>
    protected virtual IEnumerable<(string Where, Expression Expression)> WithParts(string where) => [(where, this)];

    /// <summary><see cref="WithParts"/> of a part.</summary>
    protected static IEnumerable<(string Where, Expression Expression)> PartsOf(Expression part, string where) => part.WithParts(where);

    private static Expression ReadGet(JsonElement path, string where)
    {
        var text = path.ValueKind == JsonValueKind.String ? path.GetString()! : throw DefinitionErrors.At(where, "Get takes a string");
        if (text.StartsWith("Parameters.", StringComparison.Ordinal))
        {
            return new ParameterReference(text["Parameters.".Length..]);
        }

        if (text.StartsWith("Execution.", StringComparison.Ordinal))
        {
            var name = text["Execution.".Length..];
            return ExecutionVariables.Contains(name) ? new ExecutionVariable(name)
                : throw DefinitionErrors.At(where, $"unknown reference {text}: an execution in local AWS has {string.Join(", ", ExecutionVariables)}");
        }

        var parts = text.Split('.', 3);
        if (parts is ["Steps", { Length: > 0 } step, { Length: > 0 } rest] && ValuePath.Parse(rest) is { } property)
        {
            return new StepProperty(step, property);
        }

        throw DefinitionErrors.At(where, $"unknown reference {text}: it must be Parameters.NAME, Execution.NAME or Steps.NAME.PROPERTY");
    }

    private static Join ReadJoin(JsonElement arguments, string where)
    {
        RequireOnly(arguments, where, "Std:Join", "On", "Values");
        if (!arguments.TryGetProperty("Values", out var values) || values.ValueKind != JsonValueKind.Array)
        {
            throw DefinitionErrors.At(where, "Std:Join takes On, a string, and Values, a list");
        }

        var on = "";
        if (arguments.TryGetProperty("On", out var given))
        {
            on = given.ValueKind == JsonValueKind.String ? given.GetString()! : throw DefinitionErrors.At(where, "Std:Join's On must be a string");
        }

        return new(on, [.. values.EnumerateArray().Select((value, i) => JoinValue(value, $"{where}.Values[{i}]"))]);
    }

    private static Expression JoinValue(JsonElement value, string where) =>
        Read(value, where) ?? (value.ValueKind is JsonValueKind.String or JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False
            ? new Literal(value)
            : throw DefinitionErrors.At(where, "Std:Join joins strings, numbers, booleans and functions"));

    private static JsonGet ReadJsonGet(JsonElement arguments, string where)
    {
        RequireOnly(arguments, where, "Std:JsonGet", "PropertyFile", "S3Uri", "Path");
        var text = arguments.TryGetProperty("Path", out var given) && given.ValueKind == JsonValueKind.String ? given.GetString()! : "";
        var path = ValuePath.Parse(text) ?? throw DefinitionErrors.At(where, $"Std:JsonGet's Path must be a path such as a.b[0]['c'], not '{text}'");
        var hasFile = arguments.TryGetProperty("PropertyFile", out var file);
        var hasUri = arguments.TryGetProperty("S3Uri", out var uri);
        if (hasFile == hasUri)
        {
            throw DefinitionErrors.At(where, "Std:JsonGet takes either a PropertyFile or an S3Uri");
        }

        if (hasUri)
        {
            return new(null, null, JoinValue(uri, where + ".S3Uri"), path);
        }

        var reference = file.ValueKind == JsonValueKind.Object && file.TryGetProperty("Get", out var get) && get.ValueKind == JsonValueKind.String ? get.GetString()! : "";
        return reference.Split('.') is ["Steps", { Length: > 0 } step, "PropertyFiles", { Length: > 0 } name]
            ? new(step, name, null, path)
            : throw DefinitionErrors.At(where, "Std:JsonGet's PropertyFile must be {\"Get\": \"Steps.NAME.PropertyFiles.FILE\"}");
    }

    private static void RequireOnly(JsonElement arguments, string where, string function, params ReadOnlySpan<string> names)
    {
        if (arguments.ValueKind != JsonValueKind.Object)
        {
            throw DefinitionErrors.At(where, $"{function} takes a structure of {string.Join(", ", names!)}");
        }

        foreach (var member in arguments.EnumerateObject())
        {
            if (!names.Contains(member.Name))
            {
                throw DefinitionErrors.At(where, $"{function} takes {string.Join(", ", names!)}, not {member.Name}");
            }
        }
    }
}

/// <summary>A plain string, number or boolean inside a function.</summary>
internal sealed record Literal(JsonElement Value) : Expression;

/// <summary><c>Parameters.NAME</c></summary>
internal sealed record ParameterReference(string Name) : Expression;

/// <summary><c>Execution.NAME</c></summary>
internal sealed record ExecutionVariable(string Name) : Expression;

/// <summary><c>Steps.NAME.PATH</c>: what describing the step's resource answers.</summary>
internal sealed record StepProperty(string Step, ValuePath Path) : Expression;

/// <summary><c>Std:Join</c></summary>
internal sealed record Join(string On, IReadOnlyList<Expression> Values) : Expression
{
    protected override IEnumerable<(string Where, Expression Expression)> WithParts(string where) =>
        [(where, this), .. Values.SelectMany((value, i) => PartsOf(value, $"{where}.Values[{i}]"))];
}

/// <summary><c>Std:JsonGet</c> of a property file, or of an object of S3 where <paramref name="S3Uri"/> is given.</summary>
internal sealed record JsonGet(string? Step, string? PropertyFile, Expression? S3Uri, ValuePath Path) : Expression
{
    protected override IEnumerable<(string Where, Expression Expression)> WithParts(string where) =>
        S3Uri is null ? [(where, this)] : [(where, this), .. PartsOf(S3Uri, where + ".S3Uri")];
}
