using System.Globalization;
using System.Xml.Linq;

namespace Slipway.LocalAws.S3.Settings;

/// <summary>What an element of a document may hold: other elements, in any order, or, where it has no members, a text.</summary>
/// <param name="Name">The element's name.</param>
/// <param name="Members">The elements that it may hold.</param>
internal sealed record XmlShape(string Name, params IReadOnlyList<XmlShape> Members)
{
    /// <summary>The fewest times that the element must be there.</summary>
    public int Least { get; init; }

    /// <summary>The most times that it may be there.</summary>
    public int Most { get; init; } = 1;

    /// <summary>The texts that it may have; null for any. An empty text alone makes it an element without content.</summary>
    public IReadOnlyList<string>? Values { get; init; }

    /// <summary>The smallest whole number that it may have; null where it need be no number.</summary>
    public long? From { get; init; }

    /// <summary>The largest number of characters of its text.</summary>
    public int Longest { get; init; } = int.MaxValue;

    /// <summary>An element that must be there.</summary>
    public static XmlShape Required(string name, params IReadOnlyList<XmlShape> members) => new(name, members) { Least = 1 };

    /// <summary>An element that may be there any number of times.</summary>
    public static XmlShape Any(string name, params IReadOnlyList<XmlShape> members) => new(name, members) { Most = int.MaxValue };

    /// <summary>An element that is true or false.</summary>
    public static XmlShape Flag(string name) => new(name) { Values = ["true", "false"] };

    /// <summary>An element that says whether something is on, and must be there.</summary>
    public static XmlShape Status => new("Status") { Least = 1, Values = ["Enabled", "Disabled"] };

    /// <summary>The document that an element is the root of, freed of what is no content.</summary>
    /// <exception cref="Aws.Wire.AwsException">MalformedXML, which says where it differs from this shape.</exception>
    public XElement Read(XElement root) => root.Name.LocalName == Name
        ? Read(root, Name)
        : throw S3Errors.MalformedXml($"the root is {root.Name.LocalName} where {Name} is expected.");

    private XElement Read(XElement given, string path)
    {
        var kept = new XElement(Name, given.Attributes().Where(a => a.Name.LocalName != "xmlns"));
        if (Members.Count == 0)
        {
            CheckText(given, path);
            kept.Value = given.Value;
        }
        else
        {
            ReadMembers(given, kept, path);
        }

        return kept;
    }

    private void ReadMembers(XElement given, XElement kept, string path)
    {
        var counts = new Dictionary<string, int>();
        foreach (var child in given.Elements())
        {
            var name = child.Name.LocalName;
            var shape = Members.FirstOrDefault(m => m.Name == name) ?? throw S3Errors.MalformedXml($"{path} has no member {name}.");
            var number = counts[name] = counts.GetValueOrDefault(name) + 1;
            if (number > shape.Most)
            {
                throw S3Errors.MalformedXml($"{path} has more than {shape.Most} {name}.");
            }

            kept.Add(shape.Read(child, shape.Most == 1 ? $"{path}/{name}" : $"{path}/{name}[{number}]"));
        }

        if (Members.FirstOrDefault(m => counts.GetValueOrDefault(m.Name) < m.Least) is { } missing)
        {
            throw S3Errors.MalformedXml($"{path} needs {missing.Name}.");
        }

        if (given.Nodes().OfType<XText>().FirstOrDefault(t => !string.IsNullOrWhiteSpace(t.Value)) is { } text)
        {
            throw S3Errors.MalformedXml($"{path} has the text '{text.Value.Trim()}' beside its members.");
        }
    }

    private void CheckText(XElement given, string path)
    {
        if (given.Elements().FirstOrDefault() is { } child)
        {
            throw S3Errors.MalformedXml($"{path} has no member {child.Name.LocalName}.");
        }

        if (Values is not null && !Values.Contains(given.Value))
        {
            throw S3Errors.MalformedXml(Values is [""] ? $"{path} is to be empty." : $"{path} is '{given.Value}' where {string.Join(" or ", Values)} is expected.");
        }

        if (From is not null && !(long.TryParse(given.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= From))
        {
            throw S3Errors.MalformedXml($"{path} is '{given.Value}' where a whole number from {From} on is expected.");
        }

        if (given.Value.Length > Longest)
        {
            throw S3Errors.MalformedXml($"{path} is longer than {Longest} characters.");
        }
    }
}
