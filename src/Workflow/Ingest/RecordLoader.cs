using Slipway.Aws.Client;
using Slipway.Aws.FeatureStoreRuntime;
using Slipway.Aws.SageMaker;
using Slipway.Workflow.DataSets;

namespace Slipway.Workflow.Ingest;

/// <summary>A row as a record.</summary>
/// <param name="Identifier">Its identifier.</param>
/// <param name="Values">Its known values, in the order of the specification's columns.</param>
internal sealed record LoadRecord(string Identifier, IReadOnlyList<FeatureValue> Values);

/// <summary>The second pass over a CSV: puts its rows into the feature group, block by block.</summary>
internal sealed class RecordLoader(
    AwsSession session, IngestOptions options, DescribeFeatureGroup.Response group, LoadManifests manifests,
    IProgress<IngestProgress>? progress, TimeProvider time)
{
    private const int MostInOneBatch = 100;
    private readonly string _eventTime = options.Specification.EventTime.Column;
    private readonly HashSet<string> _columns = [.. options.Specification.Columns.Select(c => c.Name)];
    private readonly ParallelOptions _parallel = new() { MaxDegreeOfParallelism = options.Concurrency };

    /// <summary>Loads the rows after those that the manifest says are done.</summary>
    /// <returns>How many records were put.</returns>
    public async Task<long> Run(LoadManifest manifest, CheckedCsv csv, bool isNewGroup, string folder, CancellationToken cancellation)
    {
        await manifests.Save(manifest, cancellation);
        using var file = File.OpenRead(options.CsvPath);
        using var rows = new CsvRows(file, options.Specification, options.CsvPath);
        using var hash = new ContentHash(options.Specification);
        var block = new List<LoadRecord>();
        var (seen, put) = (0L, 0L);
        foreach (var row in rows.Read().Where(r => r.Errors.Count == 0 && !csv.Repeated.Contains(r.Line)))
        {
            hash.Add(row);
            if (++seen <= manifest.RowsDone)
            {
                continue;
            }

            block.Add(Record(row, manifest.EventTime));
            if (block.Count == manifest.BlockRows || seen == manifest.Rows)
            {
                put += await Load(manifest, block, isNewGroup, folder, cancellation);
                manifest = manifest with { RowsDone = seen, DoneHash = hash.Current(), OfflineBlockDone = false };
                await manifests.Save(manifest, cancellation);
                block.Clear();
            }
        }

        return put;
    }

    private async Task<long> Load(LoadManifest manifest, List<LoadRecord> block, bool isNewGroup, string folder, CancellationToken cancellation)
    {
        if (!options.Bulk && !manifest.OfflineBlockDone)
        {
            var missing = isNewGroup ? block : await Missing(block, cancellation);
            await Put(missing, manifest, stores: null, cancellation);
            return missing.Count;
        }

        if (!manifest.OfflineBlockDone)
        {
            block = isNewGroup ? block : await Missing(block, cancellation);
            await new BulkFiles(session.S3, options, group, time).Write($"{manifest.ContentHash}/{manifest.RowsDone}", block, folder, cancellation);
            // from here on the block's rows are in the offline store, whatever the online store says of them
            await manifests.Save(manifest with { OfflineBlockDone = true }, cancellation);
        }

        await Put(Newest(block), manifest, ["OnlineStore"], cancellation);
        return block.Count;
    }

    private async Task Put(IReadOnlyCollection<LoadRecord> records, LoadManifest manifest, IReadOnlyList<string>? stores, CancellationToken cancellation)
    {
        var done = manifest.RowsDone;
        _parallel.CancellationToken = cancellation;
        await Parallel.ForEachAsync(records, _parallel, async (record, stop) =>
        {
            await session.Aws.Send(new PutRecord(options.GroupName, record.Values, stores), stop);
            var now = Interlocked.Increment(ref done);
            if (now % 500 == 0)
            {
                progress?.Report(new("load", now, manifest.Rows));
            }
        });
        progress?.Report(new("load", Math.Min(manifest.RowsDone + manifest.BlockRows, manifest.Rows), manifest.Rows));
    }

    /// <summary>The records that the online store does not have, with these values and this or a newer event time.</summary>
    private async Task<List<LoadRecord>> Missing(List<LoadRecord> records, CancellationToken cancellation)
    {
        var there = new System.Collections.Concurrent.ConcurrentDictionary<string, IReadOnlyList<FeatureValue>>();
        _parallel.CancellationToken = cancellation;
        await Parallel.ForEachAsync(records.Select(r => r.Identifier).Distinct().Chunk(MostInOneBatch), _parallel, async (chunk, stop) =>
        {
            IReadOnlyList<BatchGetRecordIdentifier> asked = [new(options.GroupName, chunk)];
            while (asked.Count > 0)
            {
                var answer = await session.Aws.Send(new BatchGetRecord(asked), stop);
                if (answer.Errors is [var error, ..])
                {
                    throw new WorkflowException($"The record '{error.RecordIdentifierValueAsString}' of {options.GroupName} can't be read: {error.ErrorCode}: {error.ErrorMessage}");
                }

                foreach (var record in answer.Records)
                {
                    there[record.RecordIdentifierValueAsString] = record.Record;
                }

                asked = answer.UnprocessedIdentifiers;
            }
        });
        return [.. records.Where(r => !there.TryGetValue(r.Identifier, out var known) || !IsSame(known, r.Values))];
    }

    private bool IsSame(IReadOnlyList<FeatureValue> known, IReadOnlyList<FeatureValue> values)
    {
        // where the event time is that of the load, the same content at another time is no news
        bool Counts(FeatureValue v) => !options.Specification.EventTime.IsLoadTime || v.FeatureName != _eventTime;
        return known.Where(Counts).Where(v => _columns.Contains(v.FeatureName)).ToHashSet().SetEquals(values.Where(Counts));
    }

    private List<LoadRecord> Newest(List<LoadRecord> records) => options.Specification.RecordIdentifier.IsDerived
        ? records
        : [.. records.GroupBy(r => r.Identifier).Select(g => g.MaxBy(r => EventTicks.Of(r, _eventTime))!)];

    private LoadRecord Record(CsvRow row, DateTimeOffset? eventTime)
    {
        var values = new List<FeatureValue>(row.Values.Count);
        for (var i = 0; i < row.Values.Count; i++)
        {
            var name = options.Specification.Columns[i].Name;
            var text = row.Values[i].AsString ?? (name == _eventTime && eventTime is { } time ? EventTimes.Format(time) : null);
            if (text is not null)
            {
                values.Add(new(name, text));
            }
        }

        return new(row.Values[0].AsString!, values);
    }
}
