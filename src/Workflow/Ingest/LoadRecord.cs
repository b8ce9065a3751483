using System.Globalization;
using Slipway.Aws.FeatureStoreRuntime;
using Slipway.Workflow.DataSets;

namespace Slipway.Workflow.Ingest;

/// <summary>A row as a record.</summary>
/// <param name="EventTime">Its event time, in ticks of 100 ns since year 1, UTC.</param>
/// <param name="Texts">A value a column of the specification, as PutRecord takes it; null where it is not known.</param>
internal sealed record LoadRecord(long EventTime, string?[] Texts)
{
    /// <summary>Its identifier.</summary>
    public string Identifier => Texts[0]!;

    /// <summary>Its known values, in the order of the columns.</summary>
    public List<FeatureValue> Values(DataSetSpecification specification)
    {
        var values = new List<FeatureValue>(Texts.Length);
        for (var i = 0; i < Texts.Length; i++)
        {
            if (Texts[i] is { } text)
            {
                values.Add(new(specification.Columns[i].Name, text));
            }
        }

        return values;
    }
}

/// <summary>Makes records of rows.</summary>
/// <param name="specification">What the columns are; the first is the identifier, the second the event time.</param>
/// <param name="eventTime">The event time of rows that have none, or null.</param>
internal sealed class LoadRecords(DataSetSpecification specification, DateTimeOffset? eventTime)
{
    private const int EventTime = 1;
    private readonly string? _eventTime = eventTime is { } time ? EventTimes.Format(time) : null;
    private string _lastText = "";
    private long _lastTicks;

    /// <summary>The record of a row.</summary>
    public LoadRecord Of(CsvRow row)
    {
        var texts = new string?[specification.Columns.Count];
        for (var i = 0; i < texts.Length; i++)
        {
            texts[i] = row.Values[i].AsString;
        }

        texts[EventTime] ??= _eventTime;
        return new(Ticks(texts[EventTime]!), texts);
    }

    private long Ticks(string text)
    {
        // most rows have the event time of the row before
        if (text != _lastText)
        {
            _lastText = text;
            _lastTicks = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds)
                ? DateTime.UnixEpoch.Ticks + (long)Math.Round(seconds * TimeSpan.TicksPerSecond)
                : DateTimeOffset.Parse(text, CultureInfo.InvariantCulture).UtcTicks;
        }

        return _lastTicks;
    }
}
