using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Slipway.Aws.SageMaker;
using Slipway.Aws.Wire;

namespace Slipway.LocalAws.SageMaker.Pipelines.Definitions;

/// <summary>The parameters of a definition, and the values that an execution gives them.</summary>
internal static partial class DefinitionParameters
{
    private const int MostParameters = 200;

    /// <summary>Reads the Parameters of a definition.</summary>
    public static IReadOnlyList<PipelineParameter> Read(JsonElement? list)
    {
        if (list is not { } declared)
        {
            return [];
        }

        if (declared.ValueKind != JsonValueKind.Array || declared.GetArrayLength() > MostParameters)
        {
            throw DefinitionErrors.At("Parameters", $"they must be a list of at most {MostParameters}");
        }

        var parameters = declared.EnumerateArray().Select((p, i) => ReadOne(p, $"Parameters[{i}]")).ToList();
        return parameters.GroupBy(p => p.Name).FirstOrDefault(g => g.Count() > 1) is { } doubled
            ? throw DefinitionErrors.At("Parameters", $"the name {doubled.Key} is there twice")
            : parameters;
    }

    /// <summary>The value of each parameter in an execution, defaults included, as text.</summary>
    /// <exception cref="AwsException">A value is unknown, missing, of another type or not allowed.</exception>
    public static IReadOnlyList<Parameter> Bind(IReadOnlyList<PipelineParameter> declared, IReadOnlyList<Parameter> given)
    {
        if (given.GroupBy(p => p.Name).FirstOrDefault(g => g.Count() > 1) is { } doubled)
        {
            throw AwsErrors.Validation($"The parameter {doubled.Key} is given twice.");
        }

        if (given.FirstOrDefault(p => declared.All(d => d.Name != p.Name)) is { } unknown)
        {
            throw AwsErrors.Validation($"Unknown parameter '{unknown.Name}': the pipeline has {(declared.Count > 0 ? string.Join(", ", declared.Select(d => d.Name)) : "no parameters")}.");
        }

        var values = new List<Parameter>();
        foreach (var parameter in declared)
        {
            var text = given.FirstOrDefault(p => p.Name == parameter.Name)?.Value ?? (parameter.Default is { } value ? Text(value) : null)
                ?? throw AwsErrors.Validation($"The parameter '{parameter.Name}' has no default value, and the execution gives it none.");
            _ = ValueOf(parameter, text);
            values.Add(new(parameter.Name, text));
        }

        return values;
    }

    /// <summary>A parameter's value from its text.</summary>
    /// <exception cref="AwsException">The text is of another type or not allowed.</exception>
    public static JsonElement ValueOf(PipelineParameter parameter, string text)
    {
        if (parameter.Allowed.Count > 0 && !parameter.Allowed.Contains(text))
        {
            throw AwsErrors.Validation($"The value '{text}' of parameter '{parameter.Name}' is not one of {string.Join(", ", parameter.Allowed)}.");
        }

        var valid = parameter.Kind switch
        {
            ValueKind.Integer => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _),
            ValueKind.Float => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number),
            ValueKind.Boolean => bool.TryParse(text, out _),
            _ => true,
        };
        if (!valid)
        {
            throw AwsErrors.Validation($"The value '{text}' of parameter '{parameter.Name}' is not of type {parameter.Kind}.");
        }

        return parameter.Kind switch
        {
            ValueKind.Integer => JsonSerializer.SerializeToElement(long.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture)),
            ValueKind.Float => JsonSerializer.SerializeToElement(double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture)),
            ValueKind.Boolean => JsonSerializer.SerializeToElement(bool.Parse(text)),
            _ => JsonSerializer.SerializeToElement(text),
        };
    }

    /// <summary>A plain value as text, in the form that functions and listings give it.</summary>
    public static string Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => value.GetRawText(),
    };

    private static PipelineParameter ReadOne(JsonElement value, string where)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            throw DefinitionErrors.At(where, "a parameter must be a structure");
        }

        DefinitionReader.RequireOnly(value, where, "Name", "Type", "DefaultValue", "EnumValues", "Description");
        var name = DefinitionReader.Text(value, "Name", where) ?? "";
        if (!NamePattern().IsMatch(name))
        {
            throw DefinitionErrors.At(where, $"the Name '{name}' must have 1 to 256 letters, digits, hyphens and underscores");
        }

        where = $"{where} '{name}'";
        var type = DefinitionReader.Text(value, "Type", where) ?? "String";
        var kind = Enum.GetNames<ValueKind>().Contains(type) ? Enum.Parse<ValueKind>(type)
            : throw DefinitionErrors.At(where, $"the Type {type} is none of {string.Join(", ", Enum.GetNames<ValueKind>())}");
        var preset = DefinitionReader.Given(value, "DefaultValue");
        var allowed = DefinitionReader.Items(value, "EnumValues", where).ToList();
        foreach (var one in preset is { } some ? allowed.Append(some) : allowed)
        {
            if (ExpressionKinds.Of(one) is not { } of || !ExpressionKinds.Fits(of, kind))
            {
                throw DefinitionErrors.At(where, $"{one.GetRawText()} is not a value of type {kind}");
            }
        }

        if (preset is { } given && allowed.Count > 0 && !allowed.Select(Text).Contains(Text(given)))
        {
            throw DefinitionErrors.At(where, $"the DefaultValue {given.GetRawText()} is not among the EnumValues");
        }

        return new(name, kind, preset, [.. allowed.Select(Text)]);
    }

    [GeneratedRegex(@"\A[A-Za-z0-9\-_]{1,256}\z")]
    private static partial Regex NamePattern();
}
