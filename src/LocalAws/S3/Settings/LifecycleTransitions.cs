using System.Xml.Linq;
using Slipway.Aws.Wire;

namespace Slipway.LocalAws.S3.Settings;

/// <summary>
/// What S3 refuses of the transitions of a lifecycle rule, which change nothing here:
/// https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html
/// </summary>
internal static class LifecycleTransitions
{
    private const int LeastDaysInfrequent = 30;

    /// <exception cref="AwsException">InvalidRequest, InvalidArgument.</exception>
    public static void Check(XElement rule)
    {
        var filter = $"filter '{Describe(rule.Element("Filter") ?? rule)}'";
        CheckClasses(rule, "Transition", "Days", filter);
        CheckClasses(rule, "NoncurrentVersionTransition", "NoncurrentDays", filter);
        CheckUnits(rule, filter);
        CheckOrder(rule, "Expiration", "Transition", "Days", filter);
        CheckOrder(rule, "NoncurrentVersionExpiration", "NoncurrentVersionTransition", "NoncurrentDays", filter);
        if (Newest(rule.Elements("Transition").Elements("Date")) is { } transition && Newest(rule.Elements("Expiration").Elements("Date")) <= transition)
        {
            throw Wrong("Date", $"'Date' in the Expiration action for {filter} must be later than 'Date' in the Transition action", rule.Element("Expiration")!);
        }
    }

    private static void CheckClasses(XElement rule, string action, string days, string filter)
    {
        var transitions = rule.Elements(action).ToList();
        if (transitions.DistinctBy(t => t.Element("StorageClass")!.Value).Count() < transitions.Count)
        {
            throw S3Errors.InvalidRequest($"'StorageClass' must be different for '{action}' actions in same 'Rule' with {filter}");
        }

        foreach (var transition in transitions)
        {
            var storage = transition.Element("StorageClass")!.Value;
            if (storage is "STANDARD_IA" or "ONEZONE_IA" && (long?)transition.Element(days) < LeastDaysInfrequent)
            {
                throw Wrong(days, $"'{days}' in {action} action must be greater than or equal to {LeastDaysInfrequent} for storageClass '{storage}'", transition);
            }
        }
    }

    private static void CheckUnits(XElement rule, string filter)
    {
        bool Have(string action, string unit) => rule.Elements(action).Elements(unit).Any();
        if (Have("Transition", "Days") && Have("Transition", "Date"))
        {
            throw S3Errors.InvalidRequest($"Found mixed 'Date' and 'Days' based Transition actions in lifecycle rule for {filter}");
        }

        if ((Have("Transition", "Days") && Have("Expiration", "Date")) || (Have("Transition", "Date") && Have("Expiration", "Days")))
        {
            throw S3Errors.InvalidRequest($"Found mixed 'Date' and 'Days' based Expiration and Transition actions in lifecycle rule for {filter}");
        }
    }

    private static void CheckOrder(XElement rule, string expiration, string transition, string days, string filter)
    {
        if ((long?)rule.Element(expiration)?.Element(days) is { } end && rule.Elements(transition).Elements(days).Any(d => (long)d >= end))
        {
            throw Wrong(days, $"'{days}' in the {expiration} action for {filter} must be greater than '{days}' in the {transition} action", rule.Element(expiration)!);
        }
    }

    private static DateTimeOffset? Newest(IEnumerable<XElement> dates) => dates.Max(d => LifecycleRule.ReadDate(d.Value));

    private static AwsException Wrong(string member, string message, XElement action) => S3Errors.InvalidArgument(message, member, action.Element(member)!.Value);

    /// <summary>A filter in the words of S3's errors.</summary>
    private static string Describe(XElement filter) =>
        (filter.Element("And") ?? filter).Element("Prefix") is { } prefix ? $"(prefix={prefix.Value})" : "()";
}
