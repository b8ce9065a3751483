namespace Slipway.LocalAws.Wire;

/// <summary>What went wrong inside local AWS itself, line by line in <c>server.log</c> of the data directory.</summary>
internal sealed class ServerLog(LocalAwsOptions options)
{
    private readonly Lock _lock = new();

    public void Write(string message)
    {
        var line = $"{options.Time.GetUtcNow():O} {message}\n";
        lock (_lock)
        {
            try
            {
                File.AppendAllText(Path.Combine(options.DataDirectory, "server.log"), line);
            }
            catch (IOException)
            {
                // what is told here is often that the disk is full
                Console.Error.Write(line);
            }
        }
    }
}
