using Slipway.Aws.Ssm;
using Slipway.Aws.Wire;

namespace Slipway.LocalAws.Ssm;

/// <summary>The conditions of a listing, all of which a parameter must meet: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_ParameterStringFilter.html</summary>
internal sealed class ParameterFilters
{
    private const string AnyTag = "tag:*";
    private static readonly string[] Equal = ["Equals"];
    private static readonly string[] Starts = ["Equals", "BeginsWith"];

    /// <summary>The keys of GetParametersByPath, each with its options; the first is the default.</summary>
    public static IReadOnlyDictionary<string, string[]> ByPath { get; } = new Dictionary<string, string[]> { ["Type"] = Starts, ["KeyId"] = Starts, ["Label"] = Equal };

    /// <summary>The keys of DescribeParameters, each with its options; the first is the default.</summary>
    public static IReadOnlyDictionary<string, string[]> Described { get; } = new Dictionary<string, string[]>
    {
        ["Name"] = [.. Starts, "Contains"], ["Type"] = Starts, ["KeyId"] = Starts, ["Path"] = ["OneLevel", "Recursive"], ["Tier"] = Equal, ["DataType"] = Starts, [AnyTag] = Equal,
    };

    private readonly ParameterStore _store;
    private readonly IReadOnlyList<(string Key, string Option, IReadOnlyList<string> Values)> _filters;

    /// <param name="store">Where labels and tags are.</param>
    /// <param name="filters">The conditions.</param>
    /// <param name="known">The keys that the operation takes, with their options.</param>
    /// <exception cref="AwsException">InvalidFilterKey, InvalidFilterOption or InvalidFilterValue.</exception>
    public ParameterFilters(ParameterStore store, IReadOnlyList<ParameterStringFilter> filters, IReadOnlyDictionary<string, string[]> known)
    {
        _store = store;
        _filters = [.. filters.Select(f => Check(f, known))];
        if (filters.GroupBy(f => f.Key).FirstOrDefault(g => g.Count() > 1) is { } doubled)
        {
            throw SsmErrors.InvalidFilterKey(doubled.Key + " is there more than once", known.Keys);
        }
    }

    /// <summary>Whether a parameter meets every condition.</summary>
    public bool Take(StoredParameter parameter) => _filters.All(f => Matches(parameter, f.Key, f.Option, f.Values));

    /// <summary>Whether a name is right below a path, or anywhere below it.</summary>
    public static bool IsUnder(string name, string path, bool recursive)
    {
        var (full, below) = (name[0] == '/' ? name : "/" + name, path.TrimEnd('/') + "/");
        return full.StartsWith(below, StringComparison.Ordinal) && (recursive || !full[below.Length..].Contains('/', StringComparison.Ordinal));
    }

    private static (string Key, string Option, IReadOnlyList<string> Values) Check(ParameterStringFilter filter, IReadOnlyDictionary<string, string[]> known)
    {
        var isTag = filter.Key.StartsWith("tag:", StringComparison.Ordinal);
        if (!known.TryGetValue(isTag ? AnyTag : filter.Key, out var options))
        {
            throw SsmErrors.InvalidFilterKey(filter.Key, known.Keys);
        }

        var option = filter.Option ?? options[0];
        if (!options.Contains(option))
        {
            throw SsmErrors.InvalidFilterOption(option, options);
        }

        // a tag's key alone asks for every resource that has it
        return filter.Values is { Count: > 0 } || isTag
            ? (filter.Key, option, filter.Values ?? [])
            : throw SsmErrors.InvalidFilterValue($"The filter {filter.Key} needs at least one value.");
    }

    private bool Matches(StoredParameter parameter, string key, string option, IReadOnlyList<string> values) => key switch
    {
        "Label" => _store.Labels(parameter.Name).Any(l => values.Contains(l.Label)),
        "Path" => values.Any(v => IsUnder(parameter.Name, v, option == "Recursive")),
        "Name" => values.Any(v => Compare(parameter.Name, option, v)),
        "Type" => values.Any(v => Compare(parameter.Type, option, v)),
        "KeyId" => parameter.KeyId is { } id && values.Any(v => Compare(id, option, v)),
        "Tier" => values.Contains(parameter.Tier),
        "DataType" => values.Any(v => Compare(parameter.DataType, option, v)),
        _ => _store.Tags(parameter.Name).Any(t => t.Key == key["tag:".Length..] && (values.Count == 0 || values.Contains(t.Value))),
    };

    private static bool Compare(string text, string option, string value) => option switch
    {
        "Equals" => text == value,
        "BeginsWith" => text.StartsWith(value, StringComparison.Ordinal),
        _ => text.Contains(value, StringComparison.Ordinal),
    };
}
