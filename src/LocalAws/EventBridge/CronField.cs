using System.Globalization;
using Slipway.Aws.Wire;

namespace Slipway.LocalAws.EventBridge;

/// <summary>A field of a cron expression: which numbers it takes, and what a field is called.</summary>
/// <param name="Name">Its name, for errors.</param>
/// <param name="First">The least number.</param>
/// <param name="Last">The greatest number.</param>
/// <param name="Names">Names of numbers, the first for <see cref="First"/>.</param>
internal sealed record CronField(string Name, int First, int Last, params string[] Names)
{
    /// <summary>The numbers that a comma-separated list of numbers, ranges and steps stands for.</summary>
    /// <exception cref="AwsException">ValidationException.</exception>
    public SortedSet<int> Parse(string text)
    {
        var numbers = new SortedSet<int>();
        foreach (var part in text.Split(','))
        {
            var steps = part.Split('/');
            var (from, to) = Range(steps[0], text);
            // 5/10 counts from 5 to the end
            to = steps.Length > 1 && !steps[0].Contains('-', StringComparison.Ordinal) ? Last : to;
            var step = steps.Length switch
            {
                1 => 1,
                2 when int.TryParse(steps[1], NumberStyles.None, CultureInfo.InvariantCulture, out var given) && given > 0 => given,
                _ => throw Wrong(text),
            };
            for (var number = from; number <= to; number += step)
            {
                numbers.Add(number);
            }
        }

        return numbers;
    }

    /// <summary>A single number or name.</summary>
    /// <exception cref="AwsException">ValidationException.</exception>
    public int Number(string text, string whole)
    {
        var named = Array.FindIndex(Names, n => string.Equals(n, text, StringComparison.OrdinalIgnoreCase));
        return named >= 0 ? First + named
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= First && number <= Last ? number
            : throw Wrong(whole);
    }

    /// <summary>The error for this field.</summary>
    public AwsException Wrong(string text) => ScheduleExpression.Invalid($"the field {Name} can't be '{text}': it takes {First} to {Last}");

    private (int From, int To) Range(string text, string whole)
    {
        if (text == "*")
        {
            return (First, Last);
        }

        var ends = text.Split('-');
        var from = Number(ends[0], whole);
        var to = ends.Length switch
        {
            1 => from,
            2 => Number(ends[1], whole),
            _ => throw Wrong(whole),
        };
        return from <= to ? (from, to) : throw Wrong(whole);
    }
}
