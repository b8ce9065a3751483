using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Slipway.Workflow.DataSets;

/// <summary>Reads a specification from YAML and names every fault with its line, column and member.</summary>
internal static partial class SpecificationReader
{
    internal static DataSetSpecification Read(string yaml, string source)
    {
        var errors = new List<SpecificationError>();
        var specification = Root(yaml, source, errors) is { } root
            ? Specification(new YamlMembers(root, "", errors), errors) : null;
        return errors.Count == 0 && specification is not null
            ? specification
            : throw new SpecificationException(source, [.. errors.OrderBy(e => e.Line).ThenBy(e => e.Column)]);
    }

    private static YamlMappingNode? Root(string yaml, string source, List<SpecificationError> errors)
    {
        var stream = new YamlStream();
        try
        {
            stream.Load(new BoundedParser(new StringReader(yaml)));
        }
        catch (YamlException e)
        {
            throw new SpecificationException(source,
                [new SpecificationError(e.Start.Line, e.Start.Column, "", "is not YAML: " + e.Message)]);
        }
        // the library's parser has no words for some texts, a document's end inside a flow sequence among them
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            throw new SpecificationException(source, [new SpecificationError(1, 1, "", "is not YAML: " + e.Message)]);
        }
        if (stream.Documents is [{ RootNode: YamlMappingNode root }])
        {
            return root;
        }
        errors.Add(new SpecificationError(1, 1, "", "must be one YAML document with 'name', 'label' and 'features'."));
        return null;
    }

    private static DataSetSpecification Specification(YamlMembers yaml, List<SpecificationError> errors)
    {
        var name = yaml.Required("name", "the data set's name, for example ad-click");
        if (name.Length > 0 && !EntityName().IsMatch(name))
        {
            yaml.Fault("name", "must be letters, digits and hyphens, at most 48, and begin with a letter or digit.");
        }
        var group = yaml.Text("group");
        var specification = new DataSetSpecification(
            name, FeatureGroupName(yaml, name), RecordIdentifier(yaml), EventTime(yaml), Label(yaml), group, Split(yaml),
            yaml.Texts("personal_data"), yaml.Texts("ignored_columns"), CsvColumns(yaml), Features(yaml));
        if (specification.Features.Count == 0 && errors.Count == 0)
        {
            yaml.Fault("features", "needs at least one feature (`- number: COLUMN` or `- category: COLUMN`).");
        }
        SpecificationColumns.Check(yaml, specification);
        yaml.RefuseOthers();
        return specification;
    }

    private static string FeatureGroupName(YamlMembers yaml, string name)
    {
        var featureGroup = yaml.Text("feature_group") ?? name + "-feature-group";
        if (!FeatureGroupPattern().IsMatch(featureGroup) && yaml.Has("feature_group"))
        {
            yaml.Fault("feature_group", "must be letters, digits and hyphens, at most 64, and begin with a letter or digit.");
        }
        return featureGroup;
    }

    private static RecordIdentifierSource RecordIdentifier(YamlMembers yaml)
    {
        var member = yaml.Mapping("record_identifier");
        var (column, derived) = (member?.Text("column"), member?.Text("derived"));
        if (member is not null && (column is null) == (derived is null))
        {
            member.Fault(null, "needs either 'column' (a column of the CSV) or 'derived' (a name for one made from the row's content).");
        }
        member?.RefuseOthers();
        return new RecordIdentifierSource(column ?? derived ?? "record_id", column is null);
    }

    private static EventTimeSource EventTime(YamlMembers yaml)
    {
        var member = yaml.Mapping("event_time");
        var (column, load, format) = (member?.Text("column"), member?.Text("load"), member?.Text("format"));
        if (member is not null && (column is null) == (load is null))
        {
            member.Fault(null, "needs either 'column' (a column of the CSV) or 'load' (a name for the time of the load).");
        }
        if (format is not (null or "iso8601" or "unix"))
        {
            member!.Fault("format", $"must be iso8601 or unix (seconds since 1970); it is '{format}'.");
        }
        member?.RefuseOthers();
        return new EventTimeSource(column ?? load ?? "event_time", column is null, format == "unix");
    }

    private static LabelColumn Label(YamlMembers yaml)
    {
        if (yaml.Mapping("label") is not { } member)
        {
            if (!yaml.Has("label"))
            {
                yaml.Fault(null, "needs 'label': the column to predict, and its 'positive' and 'negative' value.");
            }
            return new LabelColumn("", "1", "0");
        }
        var label = new LabelColumn(member.Required("column", "the column to predict"),
            member.Text("positive") ?? "1", member.Text("negative") ?? "0");
        if (label.Positive == label.Negative)
        {
            member.Fault("positive", $"and 'negative' are both '{label.Positive}': they must differ.");
        }
        member.RefuseOthers();
        return label;
    }

    private static SplitSettings Split(YamlMembers yaml)
    {
        var member = yaml.Mapping("split");
        var strategy = SplitStrategy.Auto;
        if (member?.Text("strategy") is { } text && !SplitStrategies.TryParse(text, out strategy))
        {
            member.Fault("strategy", $"must be auto, random or time; it is '{text}'.");
        }
        var train = member?.Number("train") ?? 0.7;
        var validation = member?.Number("validation") ?? 0.15;
        var test = member?.Number("test") ?? 0.15;
        if (train <= 0 || validation <= 0 || test <= 0 || Math.Abs(train + validation + test - 1) > 1e-9)
        {
            member?.Fault(null, $"'train', 'validation' and 'test' must each be above 0 and add up to 1; they are {train}, {validation} and {test}.");
        }
        var seed = member?.Number("seed") ?? 42;
        if (seed != Math.Floor(seed) || Math.Abs(seed) > int.MaxValue)
        {
            member?.Fault("seed", "must be a whole number.");
            seed = 0;
        }
        member?.RefuseOthers();
        return new SplitSettings(strategy, train, validation, test, (int)seed);
    }

    private static Dictionary<string, string> CsvColumns(YamlMembers yaml)
    {
        var columns = new Dictionary<string, string>(StringComparer.Ordinal);
        if (yaml.Mapping("csv_columns") is { } member)
        {
            foreach (var name in member.Names())
            {
                columns[name] = member.Text(name) ?? "";
            }
        }
        return columns;
    }

    private static List<Feature> Features(YamlMembers yaml)
    {
        if (!yaml.Has("features"))
        {
            yaml.Fault(null, "needs 'features': the model's features, in order.");
        }
        var features = new List<Feature>();
        foreach (var member in yaml.Mappings("features"))
        {
            if (member.Has("number") == member.Has("category"))
            {
                member.Fault(null, "needs either 'number' (a column) or 'category' (a column, with 'values').");
            }
            features.Add(member.Has("number") ? Number(member) : Category(member));
            member.RefuseOthers();
        }
        return features;
    }

    private static NumberFeature Number(YamlMembers member)
    {
        var feature = new NumberFeature(member.Text("number") ?? "", member.Number("min"), member.Number("max"),
            member.Text("known_indicator"));
        if (feature.Min > feature.Max)
        {
            member.Fault("min", $"{feature.Min} is above max {feature.Max}.");
        }
        return feature;
    }

    private static CategoryFeature Category(YamlMembers member)
    {
        var feature = new CategoryFeature(member.Text("category") ?? "", member.Texts("values"), member.Text("known_indicator"));
        if (feature.Values.Count == 0)
        {
            member.Fault("values", "needs the allowed values, in the order of their codes.");
        }
        return feature;
    }

    [GeneratedRegex("^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,47}$", RegexOptions.ExplicitCapture)]
    private static partial Regex EntityName();

    [GeneratedRegex("^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,63}$", RegexOptions.ExplicitCapture)]
    private static partial Regex FeatureGroupPattern();
}
