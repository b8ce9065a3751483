using System.Globalization;
using Slipway.Aws.Wire;

namespace Slipway.LocalAws.EventBridge;

/// <summary>
/// Minutes, hours, day of month, month, day of week and year, in UTC:
/// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html#eb-cron-expressions
/// </summary>
internal sealed class CronExpression : ScheduleExpression
{
    private static readonly CronField Minutes = new("minutes", 0, 59);
    private static readonly CronField Hours = new("hours", 0, 23);
    private static readonly CronField DayOfMonth = new("day-of-month", 1, 31);
    private static readonly CronField Month = new("month", 1, 12, "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC");
    private static readonly CronField DayOfWeek = new("day-of-week", 1, 7, "SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT");
    private static readonly CronField Year = new("year", 1970, 2199);
    private readonly SortedSet<int> _minutes;
    private readonly SortedSet<int> _hours;
    private readonly SortedSet<int> _months;
    private readonly SortedSet<int> _years;
    private readonly Func<DateOnly, bool> _isDay;

    private CronExpression(string[] fields)
    {
        (_minutes, _hours, _months, _years) = (Minutes.Parse(fields[0]), Hours.Parse(fields[1]), Month.Parse(fields[3]), Year.Parse(fields[5]));
        _isDay = (fields[2], fields[4]) switch
        {
            ("?", not "?") => ByWeek(fields[4]),
            (not "?", "?") => ByMonth(fields[2]),
            _ => throw Invalid("one of day-of-month and day-of-week must be ?, and the other not"),
        };
    }

    /// <summary>Reads six fields between blanks.</summary>
    /// <exception cref="AwsException">ValidationException.</exception>
    public static new CronExpression Parse(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries) is { Length: 6 } fields
        ? new(fields)
        : throw Invalid($"cron({text}) needs six fields: minutes hours day-of-month month day-of-week year");

    public override DateTimeOffset? Next(DateTimeOffset after)
    {
        var utc = after.UtcDateTime;
        var earliest = new DateTime(utc.Ticks - (utc.Ticks % TimeSpan.TicksPerMinute), DateTimeKind.Utc).AddMinutes(1);
        for (var day = DateOnly.FromDateTime(earliest); day.Year <= _years.Max; day = day.AddDays(1))
        {
            if (!_years.Contains(day.Year) || !_months.Contains(day.Month) || !_isDay(day))
            {
                continue;
            }

            var times = from hour in _hours from minute in _minutes select day.ToDateTime(new(hour, minute), DateTimeKind.Utc);
            if (times.FirstOrDefault(t => t >= earliest) is { Ticks: > 0 } time)
            {
                return new(time);
            }
        }

        return null;
    }

    private static Func<DateOnly, bool> ByMonth(string field)
    {
        if (field is "L" or "LW")
        {
            return day => day == (field == "L" ? LastOf(day) : WeekdayNear(LastOf(day)));
        }

        if (field.EndsWith('W'))
        {
            var number = DayOfMonth.Number(field[..^1], field);
            return day => number <= LastOf(day).Day && day == WeekdayNear(new(day.Year, day.Month, number));
        }

        var days = DayOfMonth.Parse(field);
        return day => days.Contains(day.Day);
    }

    private static Func<DateOnly, bool> ByWeek(string field)
    {
        if (field == "L")
        {
            return day => Number(day) == DayOfWeek.Last;
        }

        if (field.EndsWith('L'))
        {
            var last = DayOfWeek.Number(field[..^1], field);
            return day => Number(day) == last && day.AddDays(7).Month != day.Month;
        }

        if (field.Split('#') is [var name, var nth])
        {
            var wanted = DayOfWeek.Number(name, field);
            return int.TryParse(nth, NumberStyles.None, CultureInfo.InvariantCulture, out var which) && which is >= 1 and <= 5
                ? day => Number(day) == wanted && (day.Day - 1) / 7 == which - 1
                : throw DayOfWeek.Wrong(field);
        }

        var days = DayOfWeek.Parse(field);
        return day => days.Contains(Number(day));
    }

    private static int Number(DateOnly day) => (int)day.DayOfWeek + 1;

    private static DateOnly LastOf(DateOnly day) => new(day.Year, day.Month, DateTime.DaysInMonth(day.Year, day.Month));

    /// <summary>The working day nearest to a day, in the same month.</summary>
    private static DateOnly WeekdayNear(DateOnly day) => day.DayOfWeek switch
    {
        System.DayOfWeek.Saturday => day.Day == 1 ? day.AddDays(2) : day.AddDays(-1),
        System.DayOfWeek.Sunday => day == LastOf(day) ? day.AddDays(-2) : day.AddDays(1),
        _ => day,
    };
}
