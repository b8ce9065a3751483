using System.Text.Json;
using Slipway.Aws.Wire;

namespace Slipway.LocalAws.SageMaker.Pipelines.Definitions;

/// <summary>
/// The conditions of a condition step, in the JSON that the SageMaker Python SDK writes: comparisons with LeftValue
/// and RightValue, In with QueryValue and Values, Not with Condition, Or with Conditions.
/// </summary>
internal static class Conditions
{
    private static readonly IReadOnlyList<string> Orders = ["GreaterThan", "GreaterThanOrEqualTo", "LessThan", "LessThanOrEqualTo"];

    /// <summary>Checks a condition when its pipeline is created.</summary>
    public static void Check(JsonElement condition, string where, ExpressionKinds kinds)
    {
        var type = condition.ValueKind == JsonValueKind.Object && condition.TryGetProperty("Type", out var given) ? given.ToString() : "";
        switch (type)
        {
            case "Equals" or "GreaterThan" or "GreaterThanOrEqualTo" or "LessThan" or "LessThanOrEqualTo":
                var members = Require(condition, where, "LeftValue", "RightValue");
                CheckComparable(type, KindOf(members[0], where + ".LeftValue", kinds), KindOf(members[1], where + ".RightValue", kinds), where);
                break;
            case "In":
                var query = Require(condition, where, "QueryValue", "Values");
                var kind = KindOf(query[0], where + ".QueryValue", kinds);
                foreach (var (i, value) in Items(query[1], where + ".Values").Index())
                {
                    CheckComparable(type, kind, KindOf(value, $"{where}.Values[{i}]", kinds), where);
                }

                break;
            case "Not":
                Check(Require(condition, where, "Condition")[0], where + ".Condition", kinds);
                break;
            case "Or":
                foreach (var (i, part) in Items(Require(condition, where, "Conditions")[0], where + ".Conditions").Index())
                {
                    Check(part, $"{where}.Conditions[{i}]", kinds);
                }

                break;
            default:
                throw DefinitionErrors.At(where, $"the condition type '{type}' is not supported by local AWS: use Equals, {string.Join(", ", Orders)}, In, Not or Or");
        }
    }

    /// <summary>Decides a condition whose expressions have their values.</summary>
    /// <exception cref="AwsException">Its values can't be compared.</exception>
    public static bool Holds(JsonElement condition) => condition.GetProperty("Type").GetString() switch
    {
        "Equals" => AreEqual(condition.GetProperty("LeftValue"), condition.GetProperty("RightValue")),
        "In" => condition.GetProperty("Values").EnumerateArray().Any(value => AreEqual(condition.GetProperty("QueryValue"), value)),
        "Not" => !Holds(condition.GetProperty("Condition")),
        "Or" => condition.GetProperty("Conditions").EnumerateArray().Any(Holds),
        var order => Holds(order!, Compare(condition.GetProperty("LeftValue"), condition.GetProperty("RightValue"))),
    };

    private static bool Holds(string order, int comparison) => order switch
    {
        "GreaterThan" => comparison > 0,
        "GreaterThanOrEqualTo" => comparison >= 0,
        "LessThan" => comparison < 0,
        _ => comparison <= 0,
    };

    private static bool AreEqual(JsonElement left, JsonElement right) =>
        left.ValueKind == JsonValueKind.Number && right.ValueKind == JsonValueKind.Number ? Compare(left, right) == 0
        : left.ValueKind == JsonValueKind.String && right.ValueKind == JsonValueKind.String ? left.GetString() == right.GetString()
        : left.ValueKind is JsonValueKind.True or JsonValueKind.False && right.ValueKind is JsonValueKind.True or JsonValueKind.False ? left.ValueKind == right.ValueKind
        : throw Incomparable(left, right);

    private static int Compare(JsonElement left, JsonElement right)
    {
        if (left.ValueKind != JsonValueKind.Number || right.ValueKind != JsonValueKind.Number)
        {
            throw Incomparable(left, right);
        }

        return left.TryGetDecimal(out var exactLeft) && right.TryGetDecimal(out var exactRight) ? exactLeft.CompareTo(exactRight) : left.GetDouble().CompareTo(right.GetDouble());
    }

    private static AwsException Incomparable(JsonElement left, JsonElement right) =>
        AwsErrors.Validation($"The condition can't compare {left.GetRawText()} with {right.GetRawText()}.");

    private static ValueKind? KindOf(JsonElement value, string where, ExpressionKinds kinds) =>
        Expression.Read(value, where) is { } expression ? kinds.Of(expression)
        : ExpressionKinds.Of(value) ?? throw DefinitionErrors.At(where, "a condition compares strings, numbers and booleans");

    private static void CheckComparable(string type, ValueKind? left, ValueKind? right, string where)
    {
        var numbers = left is null or ValueKind.Integer or ValueKind.Float && right is null or ValueKind.Integer or ValueKind.Float;
        if (!numbers && (Orders.Contains(type) || (left is not null && right is not null && left != right)))
        {
            throw DefinitionErrors.At(where, $"{type} can't compare a value of type {left?.ToString() ?? "unknown"} with one of type {right?.ToString() ?? "unknown"}");
        }
    }

    private static List<JsonElement> Require(JsonElement condition, string where, params IReadOnlyList<string> names)
    {
        if (condition.EnumerateObject().Select(m => m.Name).FirstOrDefault(n => n != "Type" && !names.Contains(n)) is { } unknown)
        {
            throw DefinitionErrors.At(where, $"a condition of type {condition.GetProperty("Type")} takes {string.Join(" and ", names)}, not {unknown}");
        }

        return [.. names.Select(name => condition.TryGetProperty(name, out var value) ? value : throw DefinitionErrors.At(where, $"{name} is missing"))];
    }

    private static JsonElement.ArrayEnumerator Items(JsonElement list, string where) =>
        list.ValueKind == JsonValueKind.Array ? list.EnumerateArray() : throw DefinitionErrors.At(where, "the value must be a list");
}
