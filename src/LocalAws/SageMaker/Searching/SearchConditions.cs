using System.Text.Json.Nodes;
using Slipway.Aws.SageMaker;
using Slipway.Aws.Wire;

namespace Slipway.LocalAws.SageMaker.Searching;

/// <summary>Whether a resource's properties meet a search expression.</summary>
internal static class SearchConditions
{
    public static bool Meets(JsonNode properties, SearchExpression? expression)
    {
        if (expression is null)
        {
            return true;
        }

        var conditions = (expression.Filters ?? []).Select(f => Meets(properties, f))
            .Concat((expression.NestedFilters ?? []).Select(n => Meets(properties, n)))
            .Concat((expression.SubExpressions ?? []).Select(s => Meets(properties, s)))
            .ToList();
        return expression.Operator == "Or" ? conditions.Contains(true) : !conditions.Contains(false);
    }

    /// <summary>Whether a resource contradicts no condition: it lacks the property, or has the value.</summary>
    public static bool IsVisible(JsonNode properties, IReadOnlyList<VisibilityCondition> conditions) => conditions.All(condition =>
        PropertyPath.Values(properties, condition.Key ?? "") is not { Count: > 0 } values || values.Any(v => v.ToString() == (condition.Value ?? "")));

    /// <summary>One and the same item of the list meets every filter; a filter names its property in full.</summary>
    private static bool Meets(JsonNode properties, NestedFilters nested)
    {
        var prefix = nested.NestedPropertyName + ".";
        var filters = nested.Filters
            .Select(f => f with { Name = f.Name.StartsWith(prefix, StringComparison.Ordinal) ? f.Name[prefix.Length..] : f.Name })
            .ToList();
        return PropertyPath.Values(properties, nested.NestedPropertyName).Any(item => filters.TrueForAll(f => Meets(item, f)));
    }

    private static bool Meets(JsonNode properties, Filter filter)
    {
        var values = PropertyPath.Values(properties, filter.Name);
        var isText = filter.Operator is not ("Exists" or "NotExists");
        if (isText && filter.Value is null)
        {
            throw AwsErrors.Validation($"The filter on {filter.Name} needs a Value, as the operator {filter.Operator ?? "Equals"} compares with one.");
        }

        return filter.Operator switch
        {
            "Exists" => values.Count > 0,
            "NotExists" => values.Count == 0,
            null or "Equals" => values.Any(v => IsEqual(v, filter.Value!)),
            "NotEquals" => !values.Any(v => IsEqual(v, filter.Value!)),
            "In" => filter.Value!.Split(',').Any(one => values.Any(v => IsEqual(v, one.Trim()))),
            "Contains" => values.Any(v => v.ToString().Contains(filter.Value!, StringComparison.OrdinalIgnoreCase)),
            _ => values.Any(v => Compares(PropertyOrder.Instance.Compare(v, filter.Value), filter.Operator)),
        };
    }

    private static bool IsEqual(JsonNode value, string text) => PropertyOrder.Instance.Compare(value, text) == 0;

    private static bool Compares(int order, string comparison) => comparison switch
    {
        "GreaterThan" => order > 0,
        "GreaterThanOrEqualTo" => order >= 0,
        "LessThan" => order < 0,
        _ => order <= 0,
    };
}

/// <summary>Finds a property by its dotted name; a list stands for each of its items, and a list of keys and values for a map.</summary>
internal static class PropertyPath
{
    public static List<JsonNode> Values(JsonNode? node, string path)
    {
        if (node is null)
        {
            return [];
        }

        if (node is JsonArray list)
        {
            return [.. list.SelectMany(item => Values(item, path)), .. ByKey(list, path)];
        }

        if (path.Length == 0)
        {
            return [node];
        }

        var parts = path.Split('.', 2);
        return node is JsonObject json && json[parts[0]] is { } child ? Values(child, parts.Length > 1 ? parts[1] : "") : [];
    }

    /// <summary>Tags are a list of Key and Value, and <c>Tags.team</c> names the value of one.</summary>
    private static IEnumerable<JsonNode> ByKey(JsonArray list, string path) => list
        .Where(item => path.Length > 0 && item is JsonObject tag && tag["Key"]?.ToString() == path && tag["Value"] is not null)
        .Select(item => item!["Value"]!);
}
