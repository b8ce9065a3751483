using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using Slipway.LocalAws.S3.Settings;
using static Slipway.LocalAws.S3.Settings.XmlShape;

namespace Slipway.LocalAws.S3;

/// <summary>What S3 takes as tags: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html</summary>
internal static partial class TagRules
{
    /// <summary>The document that tags come in.</summary>
    public static XmlShape Document { get; } = new("Tagging", Required("TagSet", Any("Tag", Required("Key"), Required("Value"))));

    /// <summary>The tags of a document.</summary>
    public static List<(string Key, string Value)> Read(XElement document) =>
        [.. document.Element("TagSet")!.Elements().Select(t => (t.Element("Key")!.Value, t.Element("Value")!.Value))];

    /// <summary>Writes a TagSet.</summary>
    public static void Write(XmlWriter xml, IReadOnlyDictionary<string, string> tags)
    {
        xml.WriteStartElement("TagSet");
        foreach (var (key, value) in tags)
        {
            xml.WriteStartElement("Tag");
            xml.WriteElementString("Key", key);
            xml.WriteElementString("Value", value);
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    }

    /// <summary>Tags by their keys.</summary>
    /// <param name="tags">Keys and values.</param>
    /// <param name="most">The most there may be.</param>
    /// <param name="subject">What there may be so many of, for an error.</param>
    /// <exception cref="Aws.Wire.AwsException">BadRequest: too many; InvalidTag.</exception>
    public static Dictionary<string, string> Check(IReadOnlyCollection<(string Key, string Value)> tags, int most, string subject)
    {
        if (tags.Count > most)
        {
            throw S3Errors.Bad("BadRequest", $"{subject} cannot be greater than {most}");
        }

        var checkedTags = new Dictionary<string, string>();
        foreach (var (key, value) in tags)
        {
            if (TagLimits.IsReserved(key))
            {
                throw S3Errors.Bad("InvalidTag", "System tags cannot be added/updated by requester", ("TagKey", key));
            }

            if (!KeyPattern().IsMatch(key))
            {
                throw S3Errors.Bad("InvalidTag", "The TagKey you have provided is invalid", ("TagKey", key));
            }

            if (!ValuePattern().IsMatch(value))
            {
                throw S3Errors.Bad("InvalidTag", "The TagValue you have provided is invalid", ("TagKey", key), ("TagValue", value));
            }

            if (!checkedTags.TryAdd(key, value))
            {
                throw S3Errors.Bad("InvalidTag", "Cannot provide multiple Tags with the same key", ("TagKey", key));
            }
        }

        return checkedTags;
    }

    [GeneratedRegex(@"\A[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}\z")]
    private static partial Regex KeyPattern();

    [GeneratedRegex(@"\A[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}\z")]
    private static partial Regex ValuePattern();
}
