using Amazon.S3;
using Amazon.S3.Model;
using Slipway.Aws.Client;
using Slipway.Aws.FeatureStoreRuntime;
using Slipway.Aws.SageMaker;
using Slipway.Workflow.DataSets;
using Slipway.Workflow.DataSets.Rows;

namespace Slipway.Workflow.Ingest;

/// <summary>Puts the staged rows of a CSV into the feature group, block by block.</summary>
internal sealed class RecordLoader(
    AwsSession session, IngestOptions options, DescribeFeatureGroup.Response group, LoadManifests manifests,
    IProgress<IngestProgress>? progress, TimeProvider time)
{
    private const int MostInOneBatch = 100;

    // each waits for AWS most of its time; more of them would only wait for each other
    private const int UploadsAhead = 3;

    private readonly Queue<Task> _uploads = new();
    private readonly string _eventTime = options.Specification.EventTime.Column;
    private readonly HashSet<string> _columns = [.. options.Specification.Columns.Select(c => c.Name)];
    private readonly S3Address _offline = S3Address.Parse(group.OfflineStoreConfig!.S3StorageConfig.ResolvedOutputS3Uri!);

    /// <summary>Loads the rows after those that the manifest says are done.</summary>
    /// <param name="manifest">How far the load came.</param>
    /// <param name="csv">The rows.</param>
    /// <param name="ahead">The files of a bulk load into a new group; null for any other load.</param>
    /// <param name="folder">For files on their way.</param>
    /// <param name="isNewGroup">Whether the group has no rows yet.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>How many records were put.</returns>
    public async Task<long> Run(LoadManifest manifest, CheckedCsv csv, BlocksAhead? ahead, string folder, bool isNewGroup, CancellationToken cancellation)
    {
        await manifests.Save(manifest, cancellation);
        using var records = new LoadRecords(options.Specification, manifest.EventTime).Read(csv.Staged, manifest.RowsDone).GetEnumerator();
        using var files = options.Bulk && ahead is null ? new BulkFiles(options.Specification, group.FeatureDefinitions, manifest.EventTime, time) : null;
        var put = 0L;
        try
        {
            while (manifest.RowsDone < manifest.Rows)
            {
                var next = Math.Min(manifest.Rows, ((manifest.RowsDone / manifest.BlockRows) + 1) * manifest.BlockRows);
                var rows = (int)(next - manifest.RowsDone);
                put += ahead is not null ? await LoadAhead(manifest, ahead, records, rows, cancellation)
                    : files is not null ? await LoadInBulk(manifest, Next(records, rows), files, folder, cancellation)
                    : await Load(manifest, Next(records, rows), isNewGroup, cancellation);
                manifest = manifest with { RowsDone = next, DoneHash = csv.Hashes[next], OfflineBlockDone = false };
                await manifests.Save(manifest, cancellation);
            }
        }
        finally
        {
            // where one failed, that is being told, and the others read files that go away
            await Task.WhenAll(_uploads).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return put;
    }

    private async Task<long> Load(LoadManifest manifest, List<LoadRecord> block, bool isNewGroup, CancellationToken cancellation)
    {
        block = isNewGroup ? block : await Missing(block, cancellation);
        await Put(block, manifest, stores: null, cancellation);
        return block.Count;
    }

    private async Task<long> LoadAhead(LoadManifest manifest, BlocksAhead ahead, IEnumerator<LoadRecord> records, int rows, CancellationToken cancellation)
    {
        // the same rows have the same files again, so that those which no manifest tells of yet do no harm
        for (var next = manifest.RowsDone + (_uploads.Count * manifest.BlockRows); _uploads.Count <= UploadsAhead && next < manifest.Rows; next += manifest.BlockRows)
        {
            _uploads.Enqueue(Upload(ahead.Of(next), manifest with { RowsDone = next }, cancellation));
        }

        await _uploads.Dequeue();
        await PutOnline(manifest, options.OfflineOnly ? [] : Next(records, rows), cancellation);
        return rows;
    }

    private async Task Upload(Task<IReadOnlyList<BulkFile>> files, LoadManifest manifest, CancellationToken cancellation) =>
        await Upload(await files, manifest, cancellation);

    private async Task<long> LoadInBulk(LoadManifest manifest, List<LoadRecord> block, BulkFiles files, string folder, CancellationToken cancellation)
    {
        if (!manifest.OfflineBlockDone)
        {
            block = await Missing(block, cancellation);
            await Upload(Write(files, block, folder), manifest, cancellation);
        }

        await PutOnline(manifest, block, cancellation);
        return block.Count;
    }

    private static List<LoadRecord> Next(IEnumerator<LoadRecord> records, int rows)
    {
        var block = new List<LoadRecord>(rows);
        while (block.Count < rows && records.MoveNext())
        {
            block.Add(records.Current);
        }

        return block;
    }

    private IReadOnlyList<BulkFile> Write(BulkFiles files, List<LoadRecord> block, string folder)
    {
        if (block.Count == 0)
        {
            return [];
        }

        var blockFolder = Directory.CreateDirectory(Path.Combine(folder, "block")).FullName;
        using var staged = new StagedRows(options.Specification, blockFolder, block.Count);
        foreach (var record in block)
        {
            staged.Add(record.Texts);
        }

        return files.Write(staged.Finish().Single(), "rows", blockFolder);
    }

    private async Task Upload(IReadOnlyList<BulkFile> files, LoadManifest manifest, CancellationToken cancellation)
    {
        foreach (var file in files)
        {
            var key = $"{_offline.Key}/{file.Key($"{manifest.ContentHash}/{manifest.RowsDone}")}";
            // the SDK's own CRC32, which it would take, is slower than the native hash
            var put = new PutObjectRequest { BucketName = _offline.Bucket, Key = key, FilePath = file.Path, ChecksumAlgorithm = ChecksumAlgorithm.SHA256 };
            if (options.KmsKeyArn is { } kms)
            {
                put.ServerSideEncryptionMethod = ServerSideEncryptionMethod.AWSKMS;
                put.ServerSideEncryptionKeyManagementServiceKeyId = kms;
            }

            await session.S3.PutObjectAsync(put, cancellation);
            File.Delete(file.Path);
        }
    }

    private async Task PutOnline(LoadManifest manifest, List<LoadRecord> block, CancellationToken cancellation)
    {
        if (options.OfflineOnly)
        {
            progress?.Report(new("load", Math.Min(manifest.RowsDone + manifest.BlockRows, manifest.Rows), manifest.Rows));
            return;
        }

        // from here on the block's rows are in the offline store, whatever the online store says of them
        await manifests.Save(manifest with { OfflineBlockDone = true }, cancellation);
        await Put(Newest(block), manifest, ["OnlineStore"], cancellation);
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
