using System.Globalization;

namespace Slipway.Workflow.DataSets;

/// <summary>Event times as the Feature Store takes them.</summary>
public static class EventTimes
{
    /// <summary>
    /// A time as text in UTC: <c>yyyy-MM-ddTHH:mm:ssZ</c>, or with milliseconds where it has some; finer parts are cut off.
    /// </summary>
    public static string Format(DateTimeOffset time)
    {
        var utc = time.UtcDateTime;
        return utc.ToString(utc.Millisecond == 0 ? "yyyy-MM-ddTHH:mm:ss'Z'" : "yyyy-MM-ddTHH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
    }

    /// <summary>An event time of the Feature Store, ISO 8601 or seconds since 1970, in ticks of 100 ns since year 1, UTC.</summary>
    public static long Ticks(string time) => double.TryParse(time, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds)
        ? DateTime.UnixEpoch.Ticks + (long)Math.Round(seconds * TimeSpan.TicksPerSecond)
        : DateTimeOffset.Parse(time, CultureInfo.InvariantCulture).UtcTicks;
}
