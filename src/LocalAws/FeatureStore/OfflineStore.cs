using System.Threading.Channels;
using Slipway.LocalAws.S3;
using Slipway.LocalAws.S3.Store;

namespace Slipway.LocalAws.FeatureStore;

/// <summary>
/// Moves rows from the buffer to Parquet files in S3. A row is in a file about a second after it was put (SageMaker:
/// within 15 minutes); <see cref="Flush"/>, and so DescribeFeatureGroup, does it at once. A crash neither loses nor
/// doubles a row: a batch that was under way is written again under the same keys.
/// </summary>
internal sealed class OfflineStore(LocalAwsOptions options, FeatureGroups groups, OfflineBuffer buffer, ObjectStore objects) : IResume, IAsyncDisposable
{
    private const int MostInOneBatch = 50_000;
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan WaitAfterFailure = TimeSpan.FromSeconds(10);
    private readonly SemaphoreSlim _turn = new(1);
    private readonly Channel<bool> _rows = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly CancellationTokenSource _stop = new();
    private Task _loop = Task.CompletedTask;

    public Task Resume(CancellationToken cancellation)
    {
        Notice();
        _loop = Task.Run(Loop, CancellationToken.None);
        return Task.CompletedTask;
    }

    /// <summary>Says that the buffer has rows.</summary>
    public void Notice() => _rows.Writer.TryWrite(true);

    /// <summary>Writes out all rows of a group that were put before this call. Where it can't, the group's offline store is Blocked and says why.</summary>
    /// <returns>Why it is blocked, or null.</returns>
    public async Task<Exception?> Flush(FeatureGroup group, CancellationToken cancellation)
    {
        if (group.Offline is null)
        {
            return null;
        }

        await _turn.WaitAsync(cancellation);
        try
        {
            // what is put meanwhile is for the next call: under a steady load this one would never end
            var until = buffer.Last(group.StoreId);
            long written = 0;
            while (written < until)
            {
                written = await WriteBatch(group.StoreId, cancellation);
            }

            Block(group, null);
            return null;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // the rows stay in the buffer and are tried again; the group's status tells its owner meanwhile
            Block(group, e.Message);
            return e;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Forgets the rows of a group whose bucket is gone.</summary>
    public void Discard(FeatureGroup group)
    {
        while (buffer.Begin(group.StoreId, MostInOneBatch, 0) is { } batch)
        {
            buffer.Finish(batch);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        _stop.Dispose();
        _turn.Dispose();
    }

    private async Task Loop()
    {
        try
        {
            while (true)
            {
                await _rows.Reader.ReadAsync(_stop.Token);
                await Task.Delay(LongestWait, options.Time, _stop.Token);
                if (!await FlushAll())
                {
                    await Task.Delay(WaitAfterFailure, options.Time, _stop.Token);
                    Notice();
                }
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // what is still in the buffer is written after the next start
        }
    }

    private async Task<bool> FlushAll()
    {
        var all = true;
        foreach (var store in buffer.Stores())
        {
            if (groups.All().FirstOrDefault(g => g.StoreId == store) is { } group)
            {
                all &= await Flush(group, _stop.Token) is null;
            }
        }

        return all;
    }

    /// <summary>Writes one batch, and answers its last row's sequence number; the highest of all where there are no rows.</summary>
    private async Task<long> WriteBatch(long store, CancellationToken cancellation)
    {
        if (buffer.Begin(store, MostInOneBatch, options.Time.GetUtcNow().UtcTicks) is not { } batch)
        {
            return long.MaxValue;
        }

        // the group as it is now: a row may have a feature that was added a moment ago
        var group = groups.All().First(g => g.StoreId == store);
        var folder = Directory.CreateDirectory(Path.Combine(options.Folder("tmp"), Guid.NewGuid().ToString("N"))).FullName;
        try
        {
            var storage = group.Offline!.S3StorageConfig;
            var place = S3Uri.Parse(storage.ResolvedOutputS3Uri!);
            foreach (var file in OfflineFiles.Write(group, batch, buffer.Rows(batch), folder))
            {
                await objects.PutFile(place.Bucket, place.Append(file.Key).Key, file.Path, storage.KmsKeyId, cancellation);
            }

            buffer.Finish(batch);
            return batch.Last;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private void Block(FeatureGroup group, string? reason)
    {
        if (groups.Find(group.Name) is { } known && known.StoreId == group.StoreId && known.BlockedReason != reason)
        {
            groups.Change(group.Name, g => g with { BlockedReason = reason });
        }
    }
}
