namespace Slipway.Workflow.DataSets.Rows;

/// <summary>Rows on their way from who reads them to another thread, a batch at a time: some are taken while the next is filled.</summary>
/// <param name="specification">What the columns are.</param>
/// <param name="take">Takes a batch, one after the other.</param>
internal sealed class RowBatches(DataSetSpecification specification, Action<RowBatch> take) : IDisposable
{
    private const int Ahead = 3;

    private readonly Queue<(Task Taking, RowBatch Batch)> _passed = new();
    private Task _last = Task.CompletedTask, _before = Task.CompletedTask;

    /// <summary>Where the next row is to be put.</summary>
    public RowBatch Batch { get; private set; } = new(specification);

    /// <summary>Whether batches come faster than they are taken.</summary>
    public bool IsBehind => !_before.IsCompleted;

    /// <summary>Hands the batch over, and gives another one in its place.</summary>
    public void Pass()
    {
        var (batch, before) = (Batch, _last);
        (_before, _last) = (_last, Take(batch, before));
        _passed.Enqueue((_last, batch));
        Batch = _passed.Count > Ahead ? Taken() : new(specification);
    }

    /// <summary>Hands over what there is, and waits until all is taken.</summary>
    public void Drain()
    {
        Pass();
        _last.GetAwaiter().GetResult();
    }

    /// <summary>Waits until nothing is taken any more.</summary>
    public void Dispose() =>
        // where it failed, that was told already, or something else is
        _last.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing).GetAwaiter().GetResult();

    private Task Take(RowBatch batch, Task before) => Task.Run(async () =>
    {
        await before;
        take(batch);
        batch.Keep(0);
    });

    private RowBatch Taken()
    {
        var (taking, batch) = _passed.Dequeue();
        taking.GetAwaiter().GetResult();
        return batch;
    }
}
