using System.Globalization;
using System.Xml.Linq;
using Slipway.Aws.Wire;

namespace Slipway.LocalAws.S3.Settings;

/// <summary>What S3 refuses of lifecycle rules beyond their shape.</summary>
internal static class LifecycleChecks
{
    private const int LongestId = 255;
    private const long LargestSize = 1_099_511_627_776_000;
    private const int MostNewerVersions = 100;

    private static readonly string[] Actions =
        ["Expiration", "Transition", "NoncurrentVersionExpiration", "NoncurrentVersionTransition", "AbortIncompleteMultipartUpload"];

    /// <exception cref="AwsException">InvalidRequest, InvalidArgument, MalformedXML.</exception>
    public static void Check(XElement document)
    {
        var rules = document.Elements("Rule").ToList();
        if (rules.Exists(r => r.Element("Prefix") is not null) && rules.Exists(r => r.Element("Filter") is not null))
        {
            throw S3Errors.InvalidRequest(rules[0].Element("Filter") is null
                ? "Filter element can only be used in Lifecycle V2."
                : "Base level prefix cannot be used in Lifecycle V2, prefixes are only supported in the Filter.");
        }

        var ids = rules.Select(r => (string?)r.Element("ID")).Where(id => !string.IsNullOrEmpty(id)).ToList();
        if (ids.Find(id => id!.Length > LongestId) is { } longest)
        {
            throw S3Errors.InvalidArgument($"ID length should not exceed allowed limit of {LongestId}", "ID", longest);
        }

        if (ids.Distinct().Count() < ids.Count)
        {
            throw S3Errors.Bad("InvalidArgument", "Rule ID must be unique. Found same ID for more than one rule");
        }

        for (var i = 0; i < rules.Count; i++)
        {
            CheckFilter(rules[i], $"LifecycleConfiguration/Rule[{i + 1}]");
            CheckActions(rules[i], $"LifecycleConfiguration/Rule[{i + 1}]");
            LifecycleTransitions.Check(rules[i]);
        }
    }

    private static void CheckFilter(XElement rule, string path)
    {
        if (rule.Element("Filter") is null && rule.Element("Prefix") is null)
        {
            throw S3Errors.MalformedXml($"{path} needs Filter.");
        }

        if (rule.Element("Filter")?.Elements().Count() > 1)
        {
            throw S3Errors.MalformedXml($"{path}/Filter has more than one member; And holds several.");
        }

        if (rule.Element("Filter")?.Element("And")?.Elements().Count() < 2)
        {
            throw S3Errors.MalformedXml($"{path}/Filter/And needs two members or more.");
        }

        CheckSizes(rule);

        var keys = rule.Descendants("Tag").Select(t => t.Element("Key")!.Value).ToList();
        if (keys.Distinct().Count() < keys.Count)
        {
            throw S3Errors.InvalidRequest("Duplicate Tag Keys are not allowed.");
        }

        var other = rule.Descendants().FirstOrDefault(e => e.Name.LocalName is "Tag" or "ObjectSizeGreaterThan" or "ObjectSizeLessThan")?.Name.LocalName;
        foreach (var action in (string[])["AbortIncompleteMultipartUpload", "ExpiredObjectDeleteMarker"])
        {
            if (other is not null && rule.Descendants(action).Any())
            {
                throw S3Errors.InvalidRequest($"{action} cannot be specified with {(other == "Tag" ? "Tags" : "Object Size")}.");
            }
        }
    }

    private static void CheckSizes(XElement rule)
    {
        var (larger, smaller) = (Size(rule, "ObjectSizeGreaterThan", 0), Size(rule, "ObjectSizeLessThan", 1));
        if (larger >= smaller)
        {
            throw S3Errors.InvalidRequest("'ObjectSizeLessThan' has to be a value greater than 'ObjectSizeGreaterThan'.");
        }
    }

    private static long? Size(XElement rule, string name, long least)
    {
        var size = (long?)rule.Descendants(name).FirstOrDefault();
        return size is null || (size >= least && size <= LargestSize)
            ? size
            : throw S3Errors.InvalidRequest($"'{name}' should be between {least} and {LargestSize}.");
    }

    private static void CheckActions(XElement rule, string path)
    {
        if (!rule.Elements().Any(e => Actions.Contains(e.Name.LocalName)))
        {
            throw S3Errors.InvalidRequest("At least one action needs to be specified in a rule");
        }

        if (rule.Element("Expiration") is { } expiration && expiration.Elements().Count() != 1)
        {
            throw S3Errors.MalformedXml($"{path}/Expiration needs Days, Date or ExpiredObjectDeleteMarker, and only one of them.");
        }

        if (rule.Elements("Transition").Any(t => t.Elements().Count(e => e.Name.LocalName is "Days" or "Date") != 1))
        {
            throw S3Errors.MalformedXml($"{path}/Transition needs Days or Date, and only one of them.");
        }

        CheckPositive(rule, "Expiration", "Days");
        CheckPositive(rule, "NoncurrentVersionExpiration", "NoncurrentDays");
        CheckPositive(rule, "AbortIncompleteMultipartUpload", "DaysAfterInitiation");
        if (rule.Descendants("NewerNoncurrentVersions").FirstOrDefault(e => (long)e > MostNewerVersions) is { } newer)
        {
            throw S3Errors.InvalidArgument($"'NewerNoncurrentVersions' must be between 1 and {MostNewerVersions}", newer.Name.LocalName, newer.Value);
        }

        foreach (var date in rule.Descendants("Date"))
        {
            if (LifecycleRule.ReadDate(date.Value) is not { } time)
            {
                throw S3Errors.MalformedXml($"{path} has '{date.Value}' where a date of ISO 8601 is expected.");
            }

            if (time.TimeOfDay != TimeSpan.Zero)
            {
                throw S3Errors.InvalidArgument("'Date' must be at midnight GMT", "Date", date.Value);
            }
        }
    }

    private static void CheckPositive(XElement rule, string action, string member)
    {
        if (rule.Element(action)?.Element(member) is { } given && !(int.TryParse(given.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0))
        {
            throw S3Errors.InvalidArgument($"'{member}' for {action} action must be a positive integer", member, given.Value);
        }
    }
}
