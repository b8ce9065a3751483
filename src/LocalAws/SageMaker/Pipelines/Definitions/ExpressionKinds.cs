using System.Text.Json;
using Slipway.Aws.Wire;

namespace Slipway.LocalAws.SageMaker.Pipelines.Definitions;

/// <summary>The types of a definition's expressions, as far as they are known before anything runs.</summary>
internal sealed class ExpressionKinds(IReadOnlyDictionary<string, PipelineParameter> parameters, IReadOnlyDictionary<string, PipelineStep> steps)
{
    /// <summary>The type of an expression, or null where only running tells.</summary>
    public ValueKind? Of(Expression expression) => expression switch
    {
        ParameterReference parameter => parameters.TryGetValue(parameter.Name, out var declared) ? declared.Kind : null,
        StepProperty property => steps.TryGetValue(property.Step, out var step) && step.Type.TypeOf(step, property.Path) is { } type ? Of(type) : null,
        ExecutionVariable or Join => ValueKind.String,
        Literal literal => Of(literal.Value),
        _ => null,
    };

    /// <summary>The type of a plain value, or null where it is none of the four.</summary>
    public static ValueKind? Of(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => ValueKind.String,
        JsonValueKind.True or JsonValueKind.False => ValueKind.Boolean,
        JsonValueKind.Number => value.TryGetInt64(out _) ? ValueKind.Integer : ValueKind.Float,
        _ => null,
    };

    /// <summary>The type of a member of the wire, or null where it is a structure, a list, a map or a time.</summary>
    public static ValueKind? Of(Type type) =>
        type == typeof(bool) ? ValueKind.Boolean
        : type == typeof(int) || type == typeof(long) ? ValueKind.Integer
        : type == typeof(double) || type == typeof(float) || type == typeof(decimal) ? ValueKind.Float
        : type == typeof(string) || type.IsEnum ? ValueKind.String
        : null;

    /// <summary>Whether a value of one type can stand where another is asked for.</summary>
    public static bool Fits(ValueKind? value, ValueKind wanted) => value is null || value == wanted || (value == ValueKind.Integer && wanted == ValueKind.Float);

    /// <summary>Checks arguments against the record of the operation that they are the request of.</summary>
    /// <param name="arguments">The arguments.</param>
    /// <param name="type">The record.</param>
    /// <param name="where">Their place.</param>
    /// <param name="given">Required members that the step itself fills in.</param>
    public void Check(JsonElement arguments, Type type, string where, params IReadOnlyCollection<string> given)
    {
        if (Expression.Read(arguments, where) is { } expression)
        {
            CheckExpression(expression, type, where);
        }
        else if (Members.ItemOf(type) is { } item)
        {
            Expect(arguments, JsonValueKind.Array, "a list", where);
            foreach (var (i, element) in arguments.EnumerateArray().Index())
            {
                Check(element, item, $"{where}[{i}]");
            }
        }
        else if (Members.ValueOf(type) is { } mapped)
        {
            Expect(arguments, JsonValueKind.Object, "a map", where);
            foreach (var entry in arguments.EnumerateObject())
            {
                Check(entry.Value, mapped, $"{where}.{entry.Name}");
            }
        }
        else if (Members.IsRecord(type))
        {
            CheckRecord(arguments, type, where, given);
        }
        else if (Of(type) is { } kind && !Fits(Of(arguments), kind) | (kind == ValueKind.String && arguments.ValueKind != JsonValueKind.String))
        {
            throw DefinitionErrors.At(where, $"{arguments.GetRawText()} can't be the value of a {kind}");
        }
    }

    private void CheckRecord(JsonElement arguments, Type type, string where, IReadOnlyCollection<string> given)
    {
        Expect(arguments, JsonValueKind.Object, "a structure", where);
        var members = Members.Of(type);
        foreach (var argument in arguments.EnumerateObject().Where(a => a.Value.ValueKind != JsonValueKind.Null))
        {
            var member = members.FirstOrDefault(m => m.Name == argument.Name)
                ?? throw DefinitionErrors.At(where, $"Unknown Argument member '{argument.Name}'. Local AWS does not support {type.Name}.{argument.Name}");
            Check(argument.Value, member.Type, $"{where}.{argument.Name}");
            CheckLimits(member, argument.Value, $"{where}.{argument.Name}");
        }

        if (members.FirstOrDefault(m => m.Required && !given.Contains(m.Name) && DefinitionReader.Given(arguments, m.Name) is null) is { } missing)
        {
            throw DefinitionErrors.At(where, $"the required argument {missing.Name} is missing");
        }
    }

    /// <summary>Checks what is known of a value before anything runs against the limits of its member.</summary>
    private static void CheckLimits(Member member, JsonElement argument, string where)
    {
        object? value = argument.ValueKind switch
        {
            JsonValueKind.String => argument.GetString(),
            JsonValueKind.Number => argument.GetDouble(),
            JsonValueKind.Array when argument.EnumerateArray().All(i => i.ValueKind == JsonValueKind.String) => argument.EnumerateArray().Select(i => i.GetString()!).ToList(),
            JsonValueKind.Array => new object[argument.GetArrayLength()],
            _ => null,
        };
        try
        {
            if (value is string name && member.Type.IsEnum && !Enum.GetNames(member.Type).Contains(name))
            {
                throw AwsErrors.Validation($"'{name}' is none of {string.Join(", ", Enum.GetNames(member.Type))}");
            }

            if (value is not null)
            {
                Limits.CheckMember(member, value, member.Name);
            }
        }
        catch (AwsException e)
        {
            throw DefinitionErrors.At(where, e.Message);
        }
    }

    private void CheckExpression(Expression expression, Type type, string where)
    {
        if (Of(type) is { } kind && !Fits(Of(expression), kind))
        {
            throw DefinitionErrors.At(where, $"a value of type {Of(expression)} can't be assigned to an argument of type {kind}{(kind == ValueKind.String ? "; Std:Join turns it into a string" : "")}");
        }
    }

    private static void Expect(JsonElement value, JsonValueKind kind, string expected, string where)
    {
        if (value.ValueKind != kind)
        {
            throw DefinitionErrors.At(where, $"the value must be {expected}");
        }
    }
}
