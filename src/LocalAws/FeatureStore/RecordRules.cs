using System.Globalization;
using Slipway.Aws.FeatureStoreRuntime;
using Slipway.Aws.SageMaker;
using Slipway.Aws.Wire;

namespace Slipway.LocalAws.FeatureStore;

/// <summary>What the Feature Store asks of a record.</summary>
internal static class RecordRules
{
    /// <summary>Checks a record's features against its group; answers its identifier and event time.</summary>
    /// <exception cref="AwsException">ValidationError, which names the feature.</exception>
    public static (string Identifier, long EventTime) Check(FeatureGroup group, IReadOnlyList<FeatureValue> record)
    {
        RequireCreated(group);
        string? identifier = null;
        string? eventTime = null;
        var seen = new HashSet<string>(record.Count);
        foreach (var (name, text) in record)
        {
            var type = group.TypeOf(name) ?? throw Invalid($"the feature group {group.Name} has no feature '{name}'. UpdateFeatureGroup adds one.");
            if (!seen.Add(name))
            {
                throw Invalid($"the feature '{name}' is there more than once.");
            }

            CheckValue(name, type, text);
            identifier = name == group.RecordIdentifierFeatureName ? text : identifier;
            eventTime = name == group.EventTimeFeatureName ? text : eventTime;
        }

        if (string.IsNullOrEmpty(identifier))
        {
            throw Invalid($"the record identifier '{group.RecordIdentifierFeatureName}' is missing.");
        }

        return eventTime is null
            ? throw Invalid($"the event time '{group.EventTimeFeatureName}' is missing.")
            : (identifier, EventTimes.Parse(group.EventTimeFeatureName, group.TypeOf(group.EventTimeFeatureName)!.Value, eventTime));
    }

    /// <summary>Checks that a group takes records.</summary>
    public static void RequireCreated(FeatureGroup group)
    {
        if (group.Status != FeatureGroupStatus.Created)
        {
            throw Invalid($"the feature group {group.Name} is {group.Status}; only one that is Created takes records.");
        }
    }

    /// <summary>Checks that a group has an online store.</summary>
    public static void RequireOnline(FeatureGroup group)
    {
        RequireCreated(group);
        if (!group.HasOnline())
        {
            throw Invalid($"the feature group {group.Name} has no online store.");
        }
    }

    /// <summary>The stores that a change goes to: those asked for, by default all that the group has.</summary>
    public static (bool Online, bool Offline) Stores(FeatureGroup group, IReadOnlyList<string>? asked)
    {
        var online = asked?.Contains("OnlineStore") ?? group.HasOnline();
        var offline = asked?.Contains("OfflineStore") ?? group.Offline is not null;
        if (online && !group.HasOnline())
        {
            throw Invalid($"TargetStores has OnlineStore, but the feature group {group.Name} has no online store.");
        }

        return offline && group.Offline is null
            ? throw Invalid($"TargetStores has OfflineStore, but the feature group {group.Name} has no offline store.")
            : (online, offline);
    }

    public static AwsException Invalid(string message) => AwsErrors.Validation("Validation Error: " + message);

    private static void CheckValue(string name, FeatureType type, string? text)
    {
        var fits = text is not null && type switch
        {
            FeatureType.Integral => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _),
            FeatureType.Fractional => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _),
            _ => true,
        };
        if (!fits)
        {
            throw Invalid(text is null
                ? $"the feature '{name}' has no ValueAsString. Leave the feature out where its value is not known."
                : $"the value '{text}' of the feature '{name}' is not of the type {type}.");
        }
    }
}
