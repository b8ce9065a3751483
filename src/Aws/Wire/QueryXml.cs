using System.Text.Json.Nodes;
using System.Xml;
using System.Xml.Linq;
using static Slipway.Aws.Wire.QueryValues;

namespace Slipway.Aws.Wire;

/// <summary>The query protocol's output: XML.</summary>
public static class QueryXml
{
    /// <summary>Writes the members of a response as XML elements.</summary>
    public static void Write(XmlWriter xml, object record)
    {
        ArgumentNullException.ThrowIfNull(xml);
        ArgumentNullException.ThrowIfNull(record);
        foreach (var member in Members.Of(record.GetType()))
        {
            if (member.Property.GetValue(record) is { } value)
            {
                xml.WriteStartElement(member.Name);
                WriteValue(xml, value, NamesOf(member));
                xml.WriteEndElement();
            }
        }
    }

    /// <summary>Turns the members of a response, read as XML, into JSON.</summary>
    public static JsonObject ToJson(XElement element, Type record)
    {
        ArgumentNullException.ThrowIfNull(element);
        var json = new JsonObject();
        foreach (var member in Members.Of(record))
        {
            if (Child(element, member.Name) is { } child)
            {
                json[member.Name] = ReadXml(child, member.Type, NamesOf(member));
            }
        }

        return json;
    }

    private static JsonNode ReadXml(XElement element, Type type, EntryNamesAttribute names)
    {
        if (Members.ItemOf(type) is { } item)
        {
            return new JsonArray([.. element.Elements().Select(e => ReadXml(e, item, names))]);
        }

        if (Members.ValueOf(type) is { } mapped)
        {
            return new JsonObject(element.Elements().Select(e => KeyValuePair.Create(Child(e, names.Key)!.Value, (JsonNode?)ReadXml(Child(e, names.Value)!, mapped, names))));
        }

        return Members.IsRecord(type) ? ToJson(element, type) : Scalar(element.Value, type);
    }

    private static XElement? Child(XElement element, string name) => element.Elements().FirstOrDefault(e => e.Name.LocalName == name);

    private static void WriteValue(XmlWriter xml, object value, EntryNamesAttribute names)
    {
        if (Entries(value) is { } entries)
        {
            foreach (var (key, mapped) in entries)
            {
                xml.WriteStartElement("entry");
                xml.WriteElementString(names.Key, key);
                WriteElement(xml, names.Value, mapped, names);
                xml.WriteEndElement();
            }
        }
        else if (Items(value) is { } items)
        {
            foreach (var item in items)
            {
                WriteElement(xml, "member", item, names);
            }
        }
        else if (Members.IsRecord(value.GetType()))
        {
            Write(xml, value);
        }
        else
        {
            xml.WriteString(Text(value));
        }
    }

    private static void WriteElement(XmlWriter xml, string name, object value, EntryNamesAttribute names)
    {
        xml.WriteStartElement(name);
        WriteValue(xml, value, names);
        xml.WriteEndElement();
    }
}
