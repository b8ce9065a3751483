namespace Slipway.Workflow.DataSets;

/// <summary>Rows on their way from who reads them to another thread, a batch at a time: one is taken while the next is filled.</summary>
/// <param name="specification">What the columns are.</param>
/// <param name="take">Takes a batch, one after the other.</param>
internal sealed class RowBatches(DataSetSpecification specification, Action<RowBatch> take) : IDisposable
{
    private RowBatch _other = new(specification);
    private Task _taking = Task.CompletedTask;

    /// <summary>Where the next row is to be put.</summary>
    public RowBatch Batch { get; private set; } = new(specification);

    /// <summary>Hands the batch over, and gives another one in its place.</summary>
    public void Pass()
    {
        _taking.GetAwaiter().GetResult();
        (Batch, _other) = (_other, Batch);
        _taking = Task.Run(() =>
        {
            take(_other);
            _other.Keep(0);
        });
    }

    /// <summary>Hands over what there is, and waits until all is taken.</summary>
    public void Drain()
    {
        Pass();
        _taking.GetAwaiter().GetResult();
    }

    /// <summary>Waits until nothing is taken any more.</summary>
    public void Dispose() =>
        // where it failed, that was told already, or something else is
        _taking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing).GetAwaiter().GetResult();
}
