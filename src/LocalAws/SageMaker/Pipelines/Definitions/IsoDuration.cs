using System.Text.RegularExpressions;

namespace Slipway.LocalAws.SageMaker.Pipelines.Definitions;

/// <summary>
/// The durations of step caching: ISO 8601 (<c>P30D</c>, <c>PT1H</c>, <c>P1DT2H</c>), and the form without P and in
/// small letters that SageMaker's guide shows (<c>30d</c>, <c>T16m</c>). A month is 30 days and a year 365.
/// </summary>
internal static partial class IsoDuration
{
    /// <summary>Reads a duration, or null where it is none.</summary>
    public static TimeSpan? Parse(string text)
    {
        var match = Pattern().Match(text.ToUpperInvariant());
        if (!match.Success || match.Groups["n"].Captures.Count == 0)
        {
            return null;
        }

        var days = Amount(match, "years") * 365 + Amount(match, "months") * 30 + Amount(match, "weeks") * 7 + Amount(match, "days");
        return TimeSpan.FromDays(days) + TimeSpan.FromSeconds(Amount(match, "hours") * 3600 + Amount(match, "minutes") * 60 + Amount(match, "seconds"));
    }

    private static double Amount(Match match, string unit) =>
        match.Groups[unit].Success ? double.Parse(match.Groups[unit].Value.TrimEnd('Y', 'M', 'W', 'D', 'H', 'S')) : 0;

    [GeneratedRegex(
        @"\AP?(?<years>(?<n>\d{1,4})Y)?(?<months>(?<n>\d{1,5})M)?(?<weeks>(?<n>\d{1,5})W)?(?<days>(?<n>\d{1,6})D)?(T(?<hours>(?<n>\d{1,7})H)?(?<minutes>(?<n>\d{1,8})M)?(?<seconds>(?<n>\d{1,9})S)?)?\z",
        RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Pattern();
}
