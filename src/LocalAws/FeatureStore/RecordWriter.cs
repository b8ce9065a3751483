using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using Slipway.Aws.SageMaker;
using Slipway.Aws.Wire;
using Slipway.LocalAws.Storage;
using Channel = System.Threading.Channels.Channel;

namespace Slipway.LocalAws.FeatureStore;

/// <summary>
/// Writes records. Changes that wait at the same time share one transaction, so that many clients together are
/// not held to one disk flush each; a change is on disk when its task completes.
/// </summary>
internal sealed class RecordWriter : IAsyncDisposable
{
    private const int MostInOneTransaction = 2000;
    private readonly FeatureDatabase _database;
    private readonly FeatureGroups _groups;
    private readonly OfflineBuffer _offline;
    private readonly OfflineStore _files;
    private readonly TakenPuts _taken;
    private readonly Channel<Pending> _queue = Channel.CreateUnbounded<Pending>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Task _loop;
    private (OnlineStore.Writer Online, Statement Offline, TakenPuts.Writer Taken)? _statements;

    public RecordWriter(FeatureDatabase database, FeatureGroups groups, OfflineBuffer offline, OfflineStore files, TakenPuts taken)
    {
        (_database, _groups, _offline, _files, _taken) = (database, groups, offline, files, taken);
        _loop = Task.Run(Loop);
    }

    /// <summary>Completes when the change is durable.</summary>
    /// <exception cref="AwsException">The group is gone, or a hard deletion is not newer than its record.</exception>
    public Task Submit(RecordChange change)
    {
        var pending = new Pending(change, new(TaskCreationOptions.RunContinuationsAsynchronously));
        return _queue.Writer.TryWrite(pending) ? pending.Done.Task : throw new ObjectDisposedException(nameof(RecordWriter));
    }

    /// <summary>Removes all online records of a group that is being deleted.</summary>
    public void Purge(FeatureGroup group) => _database.Write(c => c.Execute("DELETE FROM online WHERE store = $1", group.StoreId));

    public async ValueTask DisposeAsync()
    {
        _queue.Writer.Complete();
        await _loop;
        _statements?.Online.Dispose();
        _statements?.Offline.Dispose();
        _statements?.Taken.Dispose();
    }

    private async Task Loop()
    {
        var batch = new List<Pending>();
        while (await _queue.Reader.WaitToReadAsync())
        {
            while (batch.Count < MostInOneTransaction && _queue.Reader.TryRead(out var pending))
            {
                batch.Add(pending);
            }

            Commit(batch);
            batch.Clear();
        }
    }

    private void Commit(List<Pending> batch)
    {
        try
        {
            var refusals = _database.Write(c => Apply(c, batch));
            if (batch.Exists(p => p.Change.Offline))
            {
                _files.Notice();
            }

            for (var i = 0; i < batch.Count; i++)
            {
                if (refusals[i] is { } refusal)
                {
                    batch[i].Done.SetException(refusal);
                }
                else
                {
                    batch[i].Done.SetResult();
                }
            }
        }
        catch (Exception e)
        {
            // nothing of the batch was written: each of its callers is told
            batch.ForEach(p => p.Done.SetException(e));
        }
    }

    private AwsException?[] Apply(SqliteConnection connection, List<Pending> batch)
    {
        var (online, offline, taken) = _statements ??= (new(connection), _offline.Appender(connection), _taken.Open(connection));
        online.Join();
        offline.Join();
        taken.Join();
        var refusals = new AwsException?[batch.Count];
        for (var i = 0; i < batch.Count; i++)
        {
            var change = batch[i].Change;
            if (change is { IsRetry: true, Action: RecordAction.Put } && (online.Has(change) || taken.Has(change)))
            {
                // it was taken, and only the answer was lost: a second row in the offline store would count it twice
                continue;
            }

            refusals[i] = Refuse(change, online);
            if (refusals[i] is null && change.Offline)
            {
                _offline.Append(offline, change);
                taken.Remember(change);
            }
        }

        return refusals;
    }

    /// <summary>Changes the online store, or says why the change is refused.</summary>
    private AwsException? Refuse(RecordChange change, OnlineStore.Writer online)
    {
        if (_groups.Find(change.Group.Name) is not { Status: FeatureGroupStatus.Created } group || group.StoreId != change.Group.StoreId)
        {
            return FeatureRecords.NotFound(change.Group.Name);
        }

        if (!change.Online)
        {
            return null;
        }

        switch (change.Action)
        {
            case RecordAction.Put:
                online.Put(change);
                return null;
            case RecordAction.SoftDelete:
                online.Hide(change);
                return null;
            default:
                return online.Remove(change) ? null : RecordRules.Invalid($"EventTime: the record '{change.Identifier}' is not older than its deletion, so it was not deleted.");
        }
    }

    private sealed record Pending(RecordChange Change, TaskCompletionSource Done);
}
