using Slipway.Workflow.DataSets;
using Slipway.Workflow.DataSets.Rows;

namespace Slipway.Workflow.Ingest;

/// <summary>
/// The files of a bulk load into a new group, which are made on this machine while the CSV is still read: every row is new
/// there, so a file of staged rows is a block. Nothing of them leaves the machine before all rows have been checked.
/// </summary>
internal sealed class BlocksAhead(IngestOptions options, DateTimeOffset? eventTime, string folder, TimeProvider time) : IAsyncDisposable
{
    private readonly BulkFiles _files = new(options.Specification, TargetGroup.Definitions(options.Specification), eventTime, time);
    private readonly List<Task<IReadOnlyList<BulkFile>>> _blocks = [];

    /// <summary>Makes the files of the next block while its caller goes on, once those of the block before are done.</summary>
    public void Add(StagedFile staged)
    {
        if (_blocks is [.., var before])
        {
            _ = before.GetAwaiter().GetResult();
        }

        var name = $"block-{_blocks.Count}";
        _blocks.Add(Task.Run(() =>
        {
            var files = _files.Write(staged, name, folder);
            if (options.OfflineOnly)
            {
                // nobody reads these rows again, and what is gone early is never written to the disk
                File.Delete(staged.Path);
            }

            return files;
        }));
    }

    /// <summary>The files of the block that begins after some rows.</summary>
    public Task<IReadOnlyList<BulkFile>> Of(long rowsBefore) => _blocks[(int)(rowsBefore / options.BlockRows)];

    public async ValueTask DisposeAsync()
    {
        if (_blocks is [.., var last])
        {
            // where it failed, that was told already, or something else is
            await ((Task)last).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        _files.Dispose();
    }
}
