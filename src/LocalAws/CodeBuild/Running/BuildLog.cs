using System.Globalization;
using System.IO.Compression;
using Slipway.Aws.CodeBuild;
using Slipway.LocalAws.Logs;
using Slipway.LocalAws.Storage;

namespace Slipway.LocalAws.CodeBuild.Running;

/// <summary>The log of a build: its lines go to CloudWatch Logs while it runs, and to a file where the project wants the log in S3.</summary>
internal sealed class BuildLog(LogStore store, LogsLocation place, string file, TimeProvider time)
{
    private readonly Lock _lock = new();

    /// <summary>What is hidden in it.</summary>
    public SecretMask Mask { get; } = new();

    /// <summary>Whether it goes to S3 at the end.</summary>
    private bool IsArchived => place.S3LogsArn is not null;

    /// <summary>Lines as they are to be in the log; gives those that CloudWatch Logs is to have.</summary>
    public IReadOnlyList<LogLine> Keep(IReadOnlyList<LogLine> lines)
    {
        var masked = lines.Select(l => l with { Message = Mask.Apply(l.Message) }).ToList();
        if (IsArchived)
        {
            Archive(masked);
        }

        return place.GroupName is null ? [] : masked;
    }

    /// <summary>Writes what CodeBuild itself says.</summary>
    public void Write(string message)
    {
        var now = time.GetUtcNow();
        var stamp = now.UtcDateTime.ToString("yyyy'/'MM'/'dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture);
        try
        {
            if (Keep([new(now.ToUnixTimeMilliseconds(), $"[Container] {stamp} {message}")]) is { Count: > 0 } kept)
            {
                store.Append(place.GroupName!, place.StreamName!, kept);
            }
        }
        catch (Exception e) when (StorageFailure.IsFull(e))
        {
            // the build goes on without the line, as a container does
        }
    }

    /// <summary>The log as a file for S3; null where it does not go there.</summary>
    public async Task<string?> Pack(CancellationToken cancellation)
    {
        if (!IsArchived || !File.Exists(file))
        {
            return null;
        }

        await using var from = File.OpenRead(file);
        await using var to = File.Create(file + ".gz");
        await using var gzip = new GZipStream(to, CompressionLevel.Fastest);
        await from.CopyToAsync(gzip, cancellation);
        return file + ".gz";
    }

    private void Archive(List<LogLine> lines)
    {
        try
        {
            lock (_lock)
            {
                File.AppendAllLines(file, lines.Select(l => l.Message));
            }
        }
        catch (IOException e) when (StorageFailure.IsFull(e))
        {
            // the build goes on without the lines
        }
    }
}
