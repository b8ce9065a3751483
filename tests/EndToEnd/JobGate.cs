namespace Slipway.Tests.EndToEnd;

/// <summary>A file that a job waits for until the test makes it. It is in /var/tmp, which a job sees: /tmp is hidden from it.</summary>
internal sealed class JobGate : IDisposable
{
    /// <summary>Where the job looks.</summary>
    public string File { get; } = $"/var/tmp/slipway-gate-{Guid.NewGuid():N}";

    /// <summary>Lets the job go on.</summary>
    public Task Open() => System.IO.File.WriteAllTextAsync(File, "open", TestContext.Current.CancellationToken);

    public void Dispose() => System.IO.File.Delete(File);
}
