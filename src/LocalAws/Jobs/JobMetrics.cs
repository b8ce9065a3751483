using System.Globalization;
using System.Text.RegularExpressions;
using Slipway.Aws.SageMaker;
using Slipway.Aws.Wire;
using Slipway.LocalAws.Logs;

namespace Slipway.LocalAws.Jobs;

/// <summary>Finds a job's metrics in its log, by the expressions that it gave.</summary>
internal sealed class JobMetrics(IReadOnlyList<MetricDefinition> definitions)
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);
    private readonly List<(string Name, Regex Expression)> _expressions = [.. definitions.Select(d => (d.Name, Expression(d)))];
    private readonly Dictionary<string, MetricData> _last = [];

    /// <summary>The last value of each metric that the log had, in the order of the definitions.</summary>
    public IReadOnlyList<MetricData> Final
    {
        get
        {
            lock (_last)
            {
                return [.. _expressions.Select(e => _last.GetValueOrDefault(e.Name)).OfType<MetricData>()];
            }
        }
    }

    /// <summary>Reads an expression.</summary>
    /// <exception cref="AwsException">ValidationException: it is none.</exception>
    public static Regex Expression(MetricDefinition definition)
    {
        try
        {
            return new Regex(definition.Regex, RegexOptions.CultureInvariant, Longest);
        }
        catch (ArgumentException e)
        {
            throw AwsErrors.Validation($"The Regex of the metric {definition.Name} is no regular expression: {e.Message}");
        }
    }

    /// <summary>Looks at lines as they come, from any instance.</summary>
    public void Read(IReadOnlyList<LogLine> lines)
    {
        foreach (var (name, expression) in _expressions)
        {
            foreach (var line in lines)
            {
                if (Value(expression, line.Message) is { } value)
                {
                    lock (_last)
                    {
                        _last[name] = new(name, value, DateTimeOffset.FromUnixTimeMilliseconds(line.Timestamp));
                    }
                }
            }
        }
    }

    private static float? Value(Regex expression, string line)
    {
        try
        {
            return expression.Match(line) is { Success: true } match
                && float.TryParse(match.Groups[match.Groups.Count > 1 ? 1 : 0].Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : null;
        }
        catch (RegexMatchTimeoutException)
        {
            return null; // an expression that needs seconds for a line finds no metric in it
        }
    }
}
