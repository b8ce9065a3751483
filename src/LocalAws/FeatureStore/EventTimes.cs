using System.Globalization;
using Slipway.Aws.SageMaker;
using Slipway.Aws.Wire;

namespace Slipway.LocalAws.FeatureStore;

/// <summary>Event times: ISO 8601 in UTC with seconds or milliseconds, or seconds since 1970. Kept as ticks of 100 ns since year 1.</summary>
internal static class EventTimes
{
    private static readonly string[] Formats = ["yyyy-MM-dd'T'HH:mm:ss'Z'", "yyyy-MM-dd'T'HH:mm:ss.fff'Z'"];

    /// <exception cref="AwsException">The text is no event time of that type.</exception>
    public static long Parse(string feature, FeatureType type, string text)
    {
        if (type == FeatureType.Fractional)
        {
            var ticks = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds)
                ? DateTime.UnixEpoch.Ticks + Math.Round(seconds * TimeSpan.TicksPerSecond)
                : double.NaN;
            return ticks >= 0 && ticks <= DateTime.MaxValue.Ticks
                ? (long)ticks
                : throw AwsErrors.Validation($"Validation Error: the event time '{text}' of the feature '{feature}' must be seconds since 1970, between the years 1 and 9999.");
        }

        return DateTime.TryParseExact(text, Formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? time.Ticks
            : throw AwsErrors.Validation(
                $"Validation Error: the event time '{text}' of the feature '{feature}' must be ISO 8601 in UTC: yyyy-MM-dd'T'HH:mm:ssZ or yyyy-MM-dd'T'HH:mm:ss.SSSZ.");
    }

    /// <summary>When a record that was true at a time expires, in ticks; the end of time where that lies beyond it.</summary>
    public static long Expiry(long eventTime, TtlDuration ttl)
    {
        var unit = ttl.Unit switch
        {
            "Seconds" => TimeSpan.TicksPerSecond,
            "Minutes" => TimeSpan.TicksPerMinute,
            "Hours" => TimeSpan.TicksPerHour,
            "Days" => TimeSpan.TicksPerDay,
            _ => 7 * TimeSpan.TicksPerDay,
        };
        return (long)Int128.Min(DateTime.MaxValue.Ticks, eventTime + ((Int128)unit * ttl.Value!.Value));
    }

    /// <summary>A time as GetRecord answers it.</summary>
    public static string Text(long ticks) => new DateTime(ticks, DateTimeKind.Utc).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
