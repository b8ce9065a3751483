using Slipway.Aws.Wire;
using Slipway.LocalAws.S3.Store;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.S3.Settings;

/// <summary>Removes what the lifecycles of buckets say is to go: at each midnight of UTC, after a start, and when a lifecycle changes.</summary>
internal sealed class LifecycleSweep : IResume, IDisposable
{
    // one transaction for so many deletions, so that others can write in between
    private const int BatchSize = 200;

    /// <summary>A clock that jumps is noticed after this long at the latest.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    private readonly Buckets _buckets;
    private readonly ObjectStore _objects;
    private readonly DueVersions _due;
    private readonly Uploads _uploads;
    private readonly ServerLog _log;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly Lock _sweeping = new();
    private readonly Lock _schedule = new();
    private readonly CancellationTokenSource _end = new();
    private DateTimeOffset _next;

    public LifecycleSweep(Buckets buckets, ObjectStore objects, DueVersions due, Uploads uploads, ServerLog log, TimeProvider time)
    {
        (_buckets, _objects, _due, _uploads, _log, _time) = (buckets, objects, due, uploads, log, time);
        _timer = time.CreateTimer(_ => Run(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public Task Resume(CancellationToken cancellation)
    {
        Changed();
        return Task.CompletedTask;
    }

    /// <summary>Say it after a lifecycle has changed.</summary>
    public void Changed() => Schedule(default, TimeSpan.Zero);

    public void Dispose()
    {
        _end.Cancel();
        _timer.Dispose();
        // a sweep that is under way ends before the database does
        lock (_sweeping)
        {
            _end.Dispose();
        }
    }

    // nobody awaits a timer, and what leaves it ends the process: what fails here is told in the log, and tried again
    private void Run()
    {
        lock (_sweeping)
        {
            if (_end.IsCancellationRequested)
            {
                return;
            }

            try
            {
                if (Begin() is { } now)
                {
                    Sweep(now);
                }

                Schedule();
            }
            catch (Exception e)
            {
                _log.Write($"the lifecycles of buckets: {e}");
                Schedule(default, Longest);
            }
        }
    }

    /// <summary>The time of a sweep that is due, or null. What changes from here on makes another one due.</summary>
    private DateTimeOffset? Begin()
    {
        lock (_schedule)
        {
            var now = _time.GetUtcNow();
            if (now < _next)
            {
                return null;
            }

            _next = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero).AddDays(1);
            return now;
        }
    }

    private void Schedule()
    {
        lock (_schedule)
        {
            var left = _next - _time.GetUtcNow();
            Schedule(_next, left < TimeSpan.Zero ? TimeSpan.Zero : left < Longest ? left : Longest);
        }
    }

    private void Schedule(DateTimeOffset next, TimeSpan wait)
    {
        lock (_schedule)
        {
            _next = next;
            _timer.Change(wait, Timeout.InfiniteTimeSpan);
        }
    }

    private void Sweep(DateTimeOffset now)
    {
        foreach (var bucket in _buckets.All())
        {
            var rules = BucketLifecycle.Rules(bucket).ToList();
            foreach (var batch in _due.Of(bucket.Name, rules, now).TakeWhile(_ => !_end.IsCancellationRequested).Chunk(BatchSize))
            {
                Delete(bucket.Name, batch);
            }

            foreach (var upload in rules.Count > 0 ? _uploads.All(bucket.Name, "").Where(u => rules.Exists(r => r.Aborts(u) <= now)) : [])
            {
                Try(() => _uploads.Abort(upload.Bucket, upload.Key, upload.Id));
            }
        }
    }

    private void Delete(string bucket, Deletion[] batch)
    {
        if (!Try(() => _objects.Delete(bucket, batch)) && batch.Length > 1)
        {
            // one of them has changed since it was seen
            Array.ForEach(batch, deletion => Try(() => _objects.Delete(bucket, deletion)));
        }
    }

    private static bool Try(Action change)
    {
        try
        {
            change();
            return true;
        }
        catch (AwsException e) when (e.Code is "PreconditionFailed" or "NoSuchBucket" or "NoSuchUpload")
        {
            // others were there first
            return false;
        }
    }
}
