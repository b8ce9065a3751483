namespace Slipway.LocalAws.Wire;

/// <summary>What went wrong inside local AWS itself, line by line in <c>server.log</c> of the data directory.</summary>
internal sealed class ServerLog(LocalAwsOptions options) : IDisposable
{
    private readonly Lock _lock = new();
    private StreamWriter? _file;

    public void Write(string message)
    {
        lock (_lock)
        {
            _file ??= new StreamWriter(Path.Combine(options.DataDirectory, "server.log"), append: true) { AutoFlush = true };
            _file.WriteLine($"{options.Time.GetUtcNow():O} {message}");
        }
    }

    public void Dispose() => _file?.Dispose();
}
