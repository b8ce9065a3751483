using Slipway.Aws.Client;
using Slipway.Aws.FeatureStoreRuntime;
using Slipway.Aws.SageMaker;
using Slipway.Workflow.DataSets;

namespace Slipway.Workflow.Ingest;

/// <summary>The second pass over a CSV: puts its rows into the feature group, block by block.</summary>
internal sealed class RecordLoader(
    AwsSession session, IngestOptions options, DescribeFeatureGroup.Response group, LoadManifests manifests,
    IProgress<IngestProgress>? progress, TimeProvider time) : IDisposable
{
    private const int MostInOneBatch = 100;
    private readonly string _eventTime = options.Specification.EventTime.Column;
    private readonly HashSet<string> _columns = [.. options.Specification.Columns.Select(c => c.Name)];
    private readonly BulkFiles? _files = options.Bulk ? new(session.S3, options, group, time) : null;

    /// <summary>Loads the rows after those that the manifest says are done.</summary>
    /// <returns>How many records were put.</returns>
    public async Task<long> Run(LoadManifest manifest, CheckedCsv csv, bool isNewGroup, string folder, CancellationToken cancellation)
    {
        await manifests.Save(manifest, cancellation);
        using var file = File.OpenRead(options.CsvPath);
        using var rows = new CsvRows(file, options.Specification, options.CsvPath);
        using var hash = new ContentHash(options.Specification);
        var records = new LoadRecords(options.Specification, manifest.EventTime);
        var block = new List<LoadRecord>(manifest.BlockRows);
        var seen = 0L;
        // a block is loaded while the next one is read
        var loading = Task.FromResult(0L);
        try
        {
            foreach (var row in rows.Read().Where(r => r.Errors.Count == 0 && !csv.Repeated.Contains(r.Line)))
            {
                hash.Add(row);
                if (++seen <= manifest.RowsDone)
                {
                    continue;
                }

                block.Add(records.Of(row));
                if (block.Count == manifest.BlockRows || seen == manifest.Rows)
                {
                    var before = await loading;
                    var (from, full) = (manifest, block);
                    manifest = manifest with { RowsDone = seen, DoneHash = hash.Current(), OfflineBlockDone = false };
                    loading = Load(before, from, manifest, full);
                    block = new List<LoadRecord>(manifest.BlockRows);
                }
            }

            return await loading;
        }
        finally
        {
            // where reading failed, its own error is the one to tell
            await ((Task)loading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        Task<long> Load(long before, LoadManifest from, LoadManifest to, List<LoadRecord> full) => Task.Run(
            async () =>
            {
                var put = await LoadBlock(from, full, isNewGroup, folder, cancellation);
                await manifests.Save(to, cancellation);
                return before + put;
            },
            cancellation);
    }

    public void Dispose() => _files?.Dispose();

    private async Task<long> LoadBlock(LoadManifest manifest, List<LoadRecord> block, bool isNewGroup, string folder, CancellationToken cancellation)
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
            await _files!.Write($"{manifest.ContentHash}/{manifest.RowsDone}", block, folder, cancellation);
            // from here on the block's rows are in the offline store, whatever the online store says of them
            await manifests.Save(manifest with { OfflineBlockDone = true }, cancellation);
        }

        if (options.OfflineOnly)
        {
            progress?.Report(new("load", manifest.RowsDone + block.Count, manifest.Rows));
        }
        else
        {
            await Put(Newest(block), manifest, ["OnlineStore"], cancellation);
        }

        return block.Count;
    }

    private async Task Put(IReadOnlyCollection<LoadRecord> records, LoadManifest manifest, IReadOnlyList<string>? stores, CancellationToken cancellation)
    {
        var done = manifest.RowsDone;
        await Parallel.ForEachAsync(records, Parallelism(cancellation), async (record, stop) =>
        {
            await session.Aws.Send(new PutRecord(options.GroupName, record.Values(options.Specification), stores), stop);
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
        await Parallel.ForEachAsync(records.Select(r => r.Identifier).Distinct().Chunk(MostInOneBatch), Parallelism(cancellation), async (chunk, stop) =>
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
        return [.. records.Where(r => !there.TryGetValue(r.Identifier, out var known) || !IsSame(known, r.Values(options.Specification)))];
    }

    private bool IsSame(IReadOnlyList<FeatureValue> known, List<FeatureValue> values)
    {
        // where the event time is that of the load, the same content at another time is no news
        bool Counts(FeatureValue v) => !options.Specification.EventTime.IsLoadTime || v.FeatureName != _eventTime;
        return known.Where(Counts).Where(v => _columns.Contains(v.FeatureName)).ToHashSet().SetEquals(values.Where(Counts));
    }

    private List<LoadRecord> Newest(List<LoadRecord> records) => options.Specification.RecordIdentifier.IsDerived
        ? records
        : [.. records.GroupBy(r => r.Identifier).Select(g => g.MaxBy(r => r.EventTime)!)];

    private ParallelOptions Parallelism(CancellationToken cancellation) => new() { MaxDegreeOfParallelism = options.Concurrency, CancellationToken = cancellation };
}
