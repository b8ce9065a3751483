using Slipway.Aws.Kms;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.Kms;

/// <summary>The deletion of keys: https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html</summary>
internal sealed class KeyDeletions(KeyTable keys, KeySchedule schedule, TimeProvider time)
{
    private const int DefaultWindow = 30;

    public ScheduleKeyDeletion.Response Schedule(ScheduleKeyDeletion request, Caller caller)
    {
        var days = request.PendingWindowInDays ?? DefaultWindow;
        var key = keys.Change(request.KeyId, caller, k => k.Own("ScheduleKeyDeletion").NotPending() with
        {
            State = KeyState.PendingDeletion, DeletionDate = time.GetUtcNow().AddDays(days),
        });
        schedule.Changed();
        return new(key.Arn, key.DeletionDate!.Value, key.State, days);
    }

    public CancelKeyDeletion.Response Cancel(CancelKeyDeletion request, Caller caller) => new(keys.Change(request.KeyId, caller, k =>
        k.State == KeyState.PendingDeletion
            ? k with { State = KeyState.Disabled, DeletionDate = null }
            : throw KmsErrors.InvalidState($"{k.Arn} is not pending deletion.")).Arn);
}
