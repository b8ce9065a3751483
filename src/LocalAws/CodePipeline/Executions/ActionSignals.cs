using System.Threading.Channels;
using Slipway.LocalAws.Storage;

namespace Slipway.LocalAws.CodePipeline.Executions;

/// <summary>Tells the runner which runs of actions have changed, once the change is on disk.</summary>
internal sealed class ActionSignals(Database database)
{
    private readonly Channel<string> _changed = Channel.CreateUnbounded<string>(new() { SingleReader = true });

    /// <summary>The ids of runs that began or ended.</summary>
    public ChannelReader<string> Changed => _changed.Reader;

    /// <summary>Call it in the transaction that changes the run.</summary>
    public void AfterCommit(string id) => database.AfterCommit(() => _changed.Writer.TryWrite(id));
}
