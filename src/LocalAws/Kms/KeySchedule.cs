using Slipway.Aws.Kms;
using Slipway.LocalAws.Storage;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.Kms;

/// <summary>What happens to keys at a date: those that are pending deletion go, those that rotate by themselves get new material.</summary>
internal sealed class KeySchedule : IResume, IDisposable
{
    /// <summary>A clock that jumps is noticed after this long at the latest.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    private readonly KeyTable _keys;
    private readonly KeyMaterials _materials;
    private readonly GrantTable _grants;
    private readonly Database _database;
    private readonly ServerLog _log;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly Lock _schedule = new();

    public KeySchedule(KeyTable keys, KeyMaterials materials, GrantTable grants, Database database, ServerLog log, TimeProvider time)
    {
        (_keys, _materials, _grants, _database, _log, _time) = (keys, materials, grants, database, log, time);
        _timer = time.CreateTimer(_ => Run(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public Task Resume(CancellationToken cancellation)
    {
        Run();
        return Task.CompletedTask;
    }

    /// <summary>Say it after a change of a key's dates, or of whether it rotates.</summary>
    public void Changed()
    {
        // who has read what was before a change must not set the timer after who has read the change
        lock (_schedule)
        {
            var next = _keys.All().SelectMany(k => new[] { k.DeletionDate, Rotates(k) ? k.NextRotation : null }).Min() - _time.GetUtcNow();
            _timer.Change(next is null ? Timeout.InfiniteTimeSpan : next < TimeSpan.Zero ? TimeSpan.Zero : next < Longest ? next.Value : Longest, Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose() => _timer.Dispose();

    // nobody awaits a timer, and what leaves it ends the process: what fails here is told in the log, and tried again
    private void Run()
    {
        try
        {
            _database.Write(_ => _grants.Forget(_keys.RemoveDue()));
            RotateDue();
            Changed();
        }
        catch (Exception e)
        {
            _log.Write($"the dates of KMS keys: {e}");
            _timer.Change(Longest, Timeout.InfiniteTimeSpan);
        }
    }

    private void RotateDue() => _database.Write(_ =>
    {
        var now = _time.GetUtcNow();
        foreach (var key in _keys.All().Where(k => Rotates(k) && k.NextRotation <= now))
        {
            _keys.Update(key with
            {
                Materials = [.. key.Materials, _materials.Make(key.KeyId, "AUTOMATIC")], NextRotation = now.AddDays(key.RotationDays!.Value),
            });
        }
    });

    private static bool Rotates(StoredKey key) => key is { State: KeyState.Enabled, NextRotation: not null };
}
