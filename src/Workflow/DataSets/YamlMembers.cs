using System.Globalization;
using YamlDotNet.RepresentationModel;

namespace Slipway.Workflow.DataSets;

/// <summary>
/// A YAML mapping read member by member: notes each fault with its place, and at the end every member that nobody asked
/// for.
/// </summary>
internal sealed class YamlMembers(YamlMappingNode node, string path, List<SpecificationError> errors)
{
    private readonly HashSet<string> _read = new(StringComparer.Ordinal);

    /// <summary>Notes a fault of the mapping itself, or of one of its members.</summary>
    public void Fault(string? member, string message)
    {
        var place = member is null ? node : Find(member) ?? node;
        Note(errors, place, Path(member), message);
    }

    /// <summary>Notes a fault at a node.</summary>
    public static void Note(List<SpecificationError> errors, YamlNode place, string path, string message) =>
        errors.Add(new SpecificationError(place.Start.Line, place.Start.Column, path, message));

    /// <summary>True where the mapping has the member.</summary>
    public bool Has(string member) => Find(member) is not null;

    /// <summary>A text member; null where it is absent or empty.</summary>
    public string? Text(string member)
    {
        switch (Read(member))
        {
            case null:
                return null;
            case YamlScalarNode { Value.Length: > 0 } scalar when !IsNull(scalar):
                return scalar.Value;
            default:
                Fault(member, "must be a text.");
                return null;
        }
    }

    /// <summary>A text member that must be there.</summary>
    public string Required(string member, string meaning)
    {
        if (!Has(member))
        {
            Fault(null, $"needs '{member}': {meaning}.");
        }
        return Text(member) ?? "";
    }

    /// <summary>A finite number; null where it is absent.</summary>
    public double? Number(string member)
    {
        if (Text(member) is not { } text)
        {
            return null;
        }
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value))
        {
            return value;
        }
        Fault(member, $"must be a number; it is '{text}'.");
        return null;
    }

    /// <summary>A list of texts; empty where it is absent.</summary>
    public IReadOnlyList<string> Texts(string member)
    {
        var values = new List<string>();
        foreach (var (item, path) in Items(member))
        {
            if (item is not YamlScalarNode { Value.Length: > 0 } scalar || IsNull(scalar))
            {
                Note(errors, item, path, "must be a text.");
            }
            else if (values.Contains(scalar.Value, StringComparer.Ordinal))
            {
                Note(errors, item, path, $"'{scalar.Value}' is listed twice.");
            }
            else
            {
                values.Add(scalar.Value);
            }
        }
        return values;
    }

    /// <summary>A list of mappings; empty where it is absent.</summary>
    public IEnumerable<YamlMembers> Mappings(string member)
    {
        foreach (var (item, path) in Items(member))
        {
            if (item is YamlMappingNode mapping)
            {
                yield return new YamlMembers(mapping, path, errors);
            }
            else
            {
                Note(errors, item, path, "must be a mapping (`member: value`).");
            }
        }
    }

    /// <summary>A mapping; null where it is absent.</summary>
    public YamlMembers? Mapping(string member)
    {
        switch (Read(member))
        {
            case null:
                return null;
            case YamlMappingNode mapping:
                return new YamlMembers(mapping, Path(member), errors);
            default:
                Fault(member, "must be a mapping (`member: value`).");
                return null;
        }
    }

    /// <summary>The names of all members.</summary>
    public IEnumerable<string> Names() => node.Children.Keys.OfType<YamlScalarNode>().Select(key => key.Value ?? "");

    /// <summary>Notes each member that was not read.</summary>
    public void RefuseOthers()
    {
        foreach (var key in node.Children.Keys)
        {
            var name = (key as YamlScalarNode)?.Value ?? key.ToString();
            if (!_read.Contains(name))
            {
                Note(errors, key, Path(name), $"is not a member here; allowed are {string.Join(", ", _read.Order())}.");
            }
        }
    }

    private IEnumerable<(YamlNode Item, string Path)> Items(string member)
    {
        switch (Read(member))
        {
            case null:
                return [];
            case YamlSequenceNode sequence:
                return sequence.Children.Select((item, i) => (item, $"{Path(member)}[{i}]"));
            default:
                Fault(member, "must be a list.");
                return [];
        }
    }

    private YamlNode? Read(string member)
    {
        _read.Add(member);
        return Find(member);
    }

    private YamlNode? Find(string member) => node.Children.TryGetValue(new YamlScalarNode(member), out var value) ? value : null;

    private string Path(string? member) => (path, member) switch
    {
        (_, null) => path,
        ("", _) => member,
        _ => $"{path}.{member}",
    };

    private static bool IsNull(YamlScalarNode scalar) =>
        scalar.Style == YamlDotNet.Core.ScalarStyle.Plain && scalar.Value is "null" or "~";
}
