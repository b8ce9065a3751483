using System.Globalization;
using Slipway.Aws.FeatureStoreRuntime;
using Slipway.Workflow.DataSets;
using Slipway.Workflow.DataSets.Csv;
using Slipway.Workflow.DataSets.Rows;

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

/// <summary>Reads staged rows as records.</summary>
/// <param name="specification">What the columns are; the first is the identifier, the second the event time.</param>
/// <param name="eventTime">The event time of rows that have none, or null.</param>
internal sealed class LoadRecords(DataSetSpecification specification, DateTimeOffset? eventTime)
{
    private const int EventTime = 1;
    private readonly (long Ticks, string Text)? _loadTime = eventTime is { } time ? (time.UtcTicks, EventTimes.Format(time)) : null;

    /// <summary>The records of files, without the first ones.</summary>
    public IEnumerable<LoadRecord> Read(IReadOnlyList<StagedFile> files, long skipped)
    {
        foreach (var staged in files)
        {
            if (skipped >= staged.Rows)
            {
                skipped -= staged.Rows;
                continue;
            }

            using var file = File.OpenRead(staged.Path);
            using var reader = new CsvReader(file, staged.Path);
            while (reader.Read())
            {
                if (skipped-- <= 0)
                {
                    yield return Of(reader);
                }
            }

            skipped = 0;
        }
    }

    private LoadRecord Of(CsvReader reader)
    {
        var texts = new string?[specification.Columns.Count];
        for (var i = 0; i < texts.Length; i++)
        {
            texts[i] = reader[i].IsEmpty ? null : reader.Text(i);
        }

        if (_loadTime is not var (ticks, time))
        {
            return new(long.Parse(reader[texts.Length], CultureInfo.InvariantCulture), texts);
        }

        texts[EventTime] = time;
        return new(ticks, texts);
    }
}
