using System.Net;
using Amazon.S3;
using Slipway.Aws.Client;
using Slipway.Aws.SageMaker;
using Slipway.Workflow.DataSets;
using Slipway.Workflow.DataSets.Csv;

namespace Slipway.Workflow.Ingest;

/// <summary>
/// Loads a CSV into S3 and into a feature group. Nothing is written before every row has been checked. Loading a file
/// twice loads nothing twice, a file that grew at its end loads what is new, and a load that was interrupted goes on
/// where it was (<see cref="LoadManifest"/>).
/// </summary>
public static class Ingest
{
    /// <summary>Runs a load.</summary>
    /// <param name="session">Where AWS is.</param>
    /// <param name="options">What to load, and where to.</param>
    /// <param name="progress">Told how far it has come, or null.</param>
    /// <param name="time">Where time comes from.</param>
    /// <param name="cancellation">Stops the load; run again, it goes on.</param>
    /// <exception cref="IngestException">Rows are bad, or the feature group does not fit the specification.</exception>
    /// <exception cref="CsvException">The header does not fit the specification, or the file can't be read as CSV.</exception>
    /// <exception cref="Slipway.Aws.Wire.AwsException">AWS refused an operation.</exception>
    public static async Task<IngestResult> Run(
        AwsSession session, IngestOptions options, IProgress<IngestProgress>? progress, TimeProvider time, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        var start = time.GetTimestamp();
        await CheckBucket(session.S3, options, cancellation);
        var target = new TargetGroup(session.Aws, options, time);
        var manifests = new LoadManifests(session.S3, options);
        var found = await target.Find(cancellation);
        List<LoadManifest> earlier = found is null ? [] : await manifests.List(found, cancellation);
        var folder = Directory.CreateTempSubdirectory("slipway-ingest-").FullName;
        try
        {
            var beganCheck = time.GetTimestamp();
            var check = new CsvCheck(options, folder, [.. earlier.Where(m => options.OfflineOnly || !m.OfflineOnly)]);
            var eventTime = options.Specification.EventTime.IsLoadTime ? options.EventTime ?? time.GetUtcNow() : (DateTimeOffset?)null;
            await using var ahead = options.Bulk && found is null ? new BlocksAhead(options, eventTime, folder, time) : null;
            var csv = await Task.Run(() => check.Run(ahead is null ? null : ahead.Add, progress, cancellation), cancellation);
            var checking = time.GetElapsedTime(beganCheck);
            var badRowsPath = KeepBadRows(options, csv, check.BadPath);
            // the copy and the records don't need each other, and most of the time each of them waits for AWS
            using var failed = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            var uploading = Upload(session, options, check.CopyPath, csv, progress, failed.Token);
            var loading = Load(failed.Token);
            await Task.WhenAll(OrStop(uploading, failed), OrStop(loading, failed));
            var (fresh, loadedAs, took) = await loading;
            return new(
                csv.Rows, csv.Bad, fresh, csv.Good - fresh, $"s3://{options.Bucket}/{options.CsvKey}", options.GroupName, loadedAs,
                badRowsPath, options.Specification.PersonalData, checking, took, time.GetElapsedTime(start));

            async Task<(long Fresh, DateTimeOffset? EventTime, TimeSpan Took)> Load(CancellationToken stop)
            {
                var group = await target.Prepare(found, stop);
                var manifest = Begin(options, group, csv, earlier, eventTime);
                var loader = new RecordLoader(session, options, group, manifests, progress, time);
                var began = time.GetTimestamp();
                var put = csv.Good == manifest.RowsDone ? 0 : await loader.Run(manifest, csv, ahead, folder, isNewGroup: found is null, stop);
                return (put, manifest.EventTime, time.GetElapsedTime(began));
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task CheckBucket(IAmazonS3 s3, IngestOptions options, CancellationToken cancellation)
    {
        try
        {
            await s3.ListObjectsV2Async(new() { BucketName = options.Bucket, MaxKeys = 1 }, cancellation);
        }
        catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.NotFound)
        {
            throw new IngestException($"The bucket {options.Bucket} does not exist. DATA_BUCKET names it; make it with `aws s3 mb s3://{options.Bucket}`.");
        }
    }

    private static async Task Upload(
        AwsSession session, IngestOptions options, string path, CheckedCsv csv, IProgress<IngestProgress>? progress, CancellationToken cancellation)
    {
        await CsvUpload.Run(session.S3, options, path, csv.Hash, cancellation);
        progress?.Report(new("upload", csv.Good, csv.Good));
    }

    // Where one of two fails, the other need not go on for minutes before that is told.
    private static async Task OrStop(Task task, CancellationTokenSource failed)
    {
        try
        {
            await task;
        }
        catch
        {
            await failed.CancelAsync();
            throw;
        }
    }

    private static string? KeepBadRows(IngestOptions options, CheckedCsv csv, string bad)
    {
        if (csv.Bad == 0)
        {
            return null;
        }

        if (csv.Good == 0 || !options.SkipBadRows)
        {
            var words = csv.Good == 0
                ? $"No row of {options.CsvPath} is good, so nothing was loaded. Mend the rows, or the specification."
                : $"{csv.Bad:N0} of {csv.Rows:N0} rows of {options.CsvPath} are bad, so nothing was loaded. Mend them, or load the others with --skip-bad-rows.";
            throw new IngestException(words, csv.Errors, csv.Bad);
        }

        var path = options.CsvPath + ".bad-rows.csv";
        var written = path + ".new";
        File.Copy(bad, written, overwrite: true);
        using (var file = File.OpenWrite(written))
        {
            file.Flush(flushToDisk: true);
        }

        File.Move(written, path, overwrite: true);
        return path;
    }

    private static LoadManifest Begin(
        IngestOptions options, DescribeFeatureGroup.Response group, CheckedCsv csv, List<LoadManifest> earlier, DateTimeOffset? eventTime)
    {
        var same = earlier.FirstOrDefault(m => m.ContentHash == csv.Hash);
        if (same is not null)
        {
            same = GoOn(same, options);
        }

        // a load goes on with the blocks and the event time that it began with, so that it writes the same files again
        return same ?? new LoadManifest(
            group.FeatureGroupArn, group.CreationTime, csv.Hash, csv.Good, csv.Reached?.RowsDone ?? 0, csv.Reached?.DoneHash ?? "",
            eventTime, false, options.BlockRows, options.Bulk, options.OfflineOnly);
    }

    /// <summary>The load of this content that was begun or done before, as this run takes it up.</summary>
    private static LoadManifest GoOn(LoadManifest same, IngestOptions options)
    {
        if (same.EventTime is { } began && options.EventTime is { } asked && EventTimes.Format(asked) != EventTimes.Format(began) && same.RowsDone < same.Rows)
        {
            throw new IngestException(
                $"A load of this content began with the event time {EventTimes.Format(began)} and was interrupted; finish it first, without --event-time.");
        }

        if (same.Bulk && same.RowsDone < same.Rows && !options.Bulk)
        {
            throw new IngestException("A bulk load of this content was interrupted; finish it first, with --bulk.");
        }

        if (!same.OfflineOnly)
        {
            return same.RowsDone == same.Rows || !options.OfflineOnly
                ? same : throw new IngestException("A load of this content was interrupted; finish it first, without --offline-only.");
        }

        if (!options.Bulk)
        {
            throw new IngestException("This content is in the offline store alone; put it online too with --bulk.");
        }

        // the files are written once more, under the same names, and their rows put online
        return options.OfflineOnly ? same : same with { RowsDone = 0, DoneHash = "", OfflineBlockDone = false, OfflineOnly = false };
    }
}
