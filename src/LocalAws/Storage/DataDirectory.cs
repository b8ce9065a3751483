using System.Globalization;

namespace Slipway.LocalAws.Storage;

/// <summary>A data directory that local AWS can't work in; the message says why, and what to do.</summary>
public sealed class DataDirectoryException : IOException
{
    /// <param name="message">The words for the person who started local AWS.</param>
    /// <param name="cause">What the system said, or null.</param>
    public DataDirectoryException(string message, Exception? cause = null)
        : base(message, cause)
    {
    }
}

/// <summary>
/// The data directory while it is one process's: a lock, which the system lets go however the process ends, and a file
/// that is there as long as the process runs, so that the next one knows that this one was killed.
/// </summary>
internal sealed class DataDirectory : IDisposable
{
    private readonly FileStream _lock;
    private readonly string _running;
    private bool _isOurs;

    private DataDirectory(FileStream taken, string running) => (_lock, _running) = (taken, running);

    /// <summary>Whether the process that had it before was killed, and may have left processes.</summary>
    public bool WasKilled => File.Exists(_running);

    /// <summary>Takes a directory, made where it is missing.</summary>
    /// <exception cref="DataDirectoryException">It can't be written, another process has it, or a part of it is gone.</exception>
    public static DataDirectory Take(string path)
    {
        var running = Path.Combine(path, "up.pid");
        FileStream? taken = null;
        if (File.Exists(path))
        {
            throw new DataDirectoryException($"{path} is a file, and the data directory must be a folder. Choose another with --data.");
        }

        try
        {
            Directory.CreateDirectory(path);
            taken = Lock(path, running);
            RequireDatabase(path);
            return new(taken, running);
        }
        catch (Exception e)
        {
            taken?.Dispose();
            if (e is not DataDirectoryException && StorageFailure.Explain(e, path) is { } why)
            {
                throw new DataDirectoryException(why, e);
            }

            throw;
        }
    }

    /// <summary>Says that this process works here from now on, and that nothing is left of the one before.</summary>
    public void Begin()
    {
        File.WriteAllText(_running, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        _isOurs = true;
    }

    /// <summary>Gives it back.</summary>
    public void Dispose()
    {
        if (_isOurs)
        {
            File.Delete(_running);
        }

        _lock.Dispose();
    }

    private static FileStream Lock(string path, string running)
    {
        var file = Path.Combine(path, "up.lock");
        try
        {
            return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (File.Exists(file) && !StorageFailure.IsFull(e) && File.Exists(running))
        {
            throw new DataDirectoryException(
                $"The data directory {path} is in use by process {File.ReadAllText(running)}, another local AWS. Stop that one, or choose another directory with --data.", e);
        }
    }

    /// <summary>Objects without the database that names them would be swept away as a killed process's.</summary>
    private static void RequireDatabase(string path)
    {
        var (database, objects) = (new FileInfo(Path.Combine(path, "aws.db")), Path.Combine(path, "objects"));
        if (database is not { Exists: true, Length: > 0 } && Directory.Exists(objects)
            && Directory.EnumerateFiles(objects, "*", SearchOption.AllDirectories).Any())
        {
            throw new DataDirectoryException(
                $"The data directory {path} has objects but no {database.Name}, which names them. Put {database.Name} back, from a backup of the whole directory if need be; "
                + "or move the directory away and start with an empty one.");
        }
    }
}
