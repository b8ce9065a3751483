using System.Globalization;
using System.Text.RegularExpressions;
using Slipway.Aws.Wire;

namespace Slipway.LocalAws.EventBridge;

/// <summary>When a rule acts by itself: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html</summary>
internal abstract partial class ScheduleExpression
{
    /// <summary>Reads <c>rate(5 minutes)</c> or <c>cron(0 12 * * ? *)</c>.</summary>
    /// <exception cref="AwsException">ValidationException.</exception>
    public static ScheduleExpression Parse(string text)
    {
        if (Form().Match(text) is not { Success: true } form)
        {
            throw Invalid("write rate(value unit) or cron(fields)");
        }

        var inside = form.Groups[2].Value;
        return form.Groups[1].Value == "rate" ? Rate(inside) : CronExpression.Parse(inside);
    }

    /// <summary>The next time after another, in UTC; null where there is none.</summary>
    public abstract DateTimeOffset? Next(DateTimeOffset after);

    /// <summary>The error for an expression, with what is wrong with it.</summary>
    public static AwsException Invalid(string why) => AwsErrors.Validation($"Parameter ScheduleExpression is not valid: {why}.");

    private static RateExpression Rate(string inside)
    {
        if (RateForm().Match(inside) is not { Success: true } form || !int.TryParse(form.Groups[1].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var value) || value == 0)
        {
            throw Invalid($"rate({inside}) needs a positive number and a unit: minute(s), hour(s) or day(s)");
        }

        if ((value == 1) == (form.Groups[3].Length > 0))
        {
            throw Invalid($"rate({inside}) needs {form.Groups[2].Value} in the {(value == 1 ? "singular" : "plural")}");
        }

        return new(form.Groups[2].Value switch
        {
            "minute" => TimeSpan.FromMinutes(value),
            "hour" => TimeSpan.FromHours(value),
            _ => TimeSpan.FromDays(value),
        });
    }

    [GeneratedRegex(@"\A(rate|cron)\(([^()]*)\)\z")]
    private static partial Regex Form();

    [GeneratedRegex(@"\A(\d+) +(minute|hour|day)(s?)\z")]
    private static partial Regex RateForm();
}

/// <summary>A fixed time between two runs.</summary>
internal sealed class RateExpression(TimeSpan period) : ScheduleExpression
{
    public override DateTimeOffset? Next(DateTimeOffset after) => after + period;
}
