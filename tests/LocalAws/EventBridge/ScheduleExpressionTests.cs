using System.Globalization;
using Slipway.Aws.Wire;
using Slipway.LocalAws.EventBridge;

namespace Slipway.Tests.LocalAws.EventBridge;

/// <summary>When schedules run, in UTC.</summary>
public sealed class ScheduleExpressionTests
{
    // 2026-11-23 is a Monday
    [Theory]
    [InlineData("rate(1 minute)", "2026-11-23T10:00:30", "2026-11-23T10:01:30")]
    [InlineData("rate(2 hours)", "2026-11-23T10:00:30", "2026-11-23T12:00:30")]
    [InlineData("cron(0 10 * * ? *)", "2026-11-23T09:59:59", "2026-11-23T10:00:00")]
    [InlineData("cron(0 10 * * ? *)", "2026-11-23T10:00:00", "2026-11-24T10:00:00")]
    [InlineData("cron(0/15 * * * ? *)", "2026-11-23T10:16:00", "2026-11-23T10:30:00")]
    [InlineData("cron(5,35 14 * * ? *)", "2026-11-23T14:05:00", "2026-11-23T14:35:00")]
    [InlineData("cron(0 18 ? * MON-FRI *)", "2026-11-27T18:00:00", "2026-11-30T18:00:00")]
    [InlineData("cron(0 8 1 * ? *)", "2026-11-23T00:00:00", "2026-12-01T08:00:00")]
    [InlineData("cron(0 0 L * ? *)", "2028-02-01T00:00:00", "2028-02-29T00:00:00")]
    [InlineData("cron(0 0 15W * ? *)", "2026-08-01T00:00:00", "2026-08-14T00:00:00")]
    [InlineData("cron(0 0 LW * ? *)", "2026-10-01T00:00:00", "2026-10-30T00:00:00")]
    [InlineData("cron(0 0 ? * 6L *)", "2026-11-01T00:00:00", "2026-11-27T00:00:00")]
    [InlineData("cron(0 0 ? * TUE#2 *)", "2026-11-23T00:00:00", "2026-12-08T00:00:00")]
    [InlineData("cron(0 0 29 FEB ? *)", "2026-11-23T00:00:00", "2028-02-29T00:00:00")]
    [InlineData("cron(0 0 30 2 ? *)", "2026-11-23T00:00:00", null)]
    [InlineData("cron(0 0 1 1 ? 2025)", "2026-11-23T00:00:00", null)]
    public void The_next_run_is(string expression, string after, string? next) =>
        Assert.Equal(next is null ? null : Utc(next), ScheduleExpression.Parse(expression).Next(Utc(after)));

    [Theory]
    [InlineData("5 minutes", "write rate(value unit) or cron(fields)")]
    [InlineData("rate(1 minutes)", "needs minute in the singular")]
    [InlineData("rate(5 minute)", "needs minute in the plural")]
    [InlineData("rate(0 minutes)", "positive number")]
    [InlineData("rate(5 seconds)", "positive number and a unit")]
    [InlineData("cron(0 10 * * ?)", "six fields")]
    [InlineData("cron(0 10 * * * *)", "one of day-of-month and day-of-week must be ?")]
    [InlineData("cron(60 10 * * ? *)", "the field minutes can't be '60': it takes 0 to 59")]
    [InlineData("cron(0 10 ? * MON#6 *)", "the field day-of-week can't be 'MON#6'")]
    [InlineData("cron(0 10-8 * * ? *)", "the field hours can't be '10-8'")]
    public void An_expression_that_is_none_says_what_is_wrong(string expression, string why)
    {
        var error = Assert.Throws<AwsException>(() => ScheduleExpression.Parse(expression));
        Assert.Equal("ValidationException", error.Code);
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
    }

    private static DateTimeOffset Utc(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
