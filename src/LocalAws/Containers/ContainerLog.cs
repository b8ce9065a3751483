using System.Text;
using Microsoft.Data.Sqlite;
using Slipway.LocalAws.Logs;
using Slipway.LocalAws.Storage;

namespace Slipway.LocalAws.Containers;

/// <summary>Cuts a container's output into lines and puts them into CloudWatch Logs while it runs, a batch for what has come at once.</summary>
internal sealed class ContainerLog(ContainerSpec spec, LogStore store, TimeProvider time)
{
    /// <summary>The most bytes of one event.</summary>
    private const int LongestLine = 256 << 10;
    private const int TailLines = 20;
    private readonly Queue<string> _tail = [];
    private int _lost;

    /// <summary>The last lines, joined by line ends.</summary>
    public string Tail
    {
        get
        {
            lock (_tail)
            {
                return string.Join('\n', _tail);
            }
        }
    }

    /// <summary>Reads to the end of the output; every line is on disk when this completes.</summary>
    public async Task Pump(Stream output)
    {
        var buffer = new byte[64 << 10];
        var rest = new MemoryStream();
        int read;
        while ((read = await output.ReadAsync(buffer)) > 0)
        {
            Append(Cut(buffer.AsSpan(0, read), rest));
        }

        if (rest.Length > 0)
        {
            Append([Line(rest)]);
        }

        try
        {
            store.Flush();
        }
        catch (SqliteException e) when (StorageFailure.IsFull(e))
        {
            // the lines are in the log; where the machine itself stops before there is room, they may not be
        }
    }

    private List<LogLine> Cut(ReadOnlySpan<byte> bytes, MemoryStream rest)
    {
        var lines = new List<LogLine>();
        while (bytes.Length > 0)
        {
            var end = bytes.IndexOf((byte)'\n');
            var line = end < 0 ? bytes : bytes[..end];
            if (LongestLine - (int)rest.Length is var room && line.Length > room)
            {
                rest.Write(line[..room]);
                bytes = bytes[room..];
                SplitLong(lines, rest);
                continue;
            }

            rest.Write(line);
            bytes = bytes[(end < 0 ? line.Length : end + 1)..];
            if (end >= 0)
            {
                lines.Add(Line(rest));
            }
        }

        return lines;
    }

    /// <summary>Ends an event inside a line that is too long, between two characters.</summary>
    private void SplitLong(List<LogLine> lines, MemoryStream rest)
    {
        var bytes = rest.ToArray();
        var cut = bytes.Length;
        while (cut > bytes.Length - 4 && (bytes[cut - 1] & 0xC0) == 0x80)
        {
            cut--;
        }

        // what is left of cut ends in the first byte of a character, or in a whole one
        cut = bytes[cut - 1] >= 0xC0 ? cut - 1 : bytes.Length;
        rest.SetLength(cut);
        lines.Add(Line(rest));
        rest.Write(bytes.AsSpan(cut));
    }

    private LogLine Line(MemoryStream rest)
    {
        var text = Encoding.UTF8.GetString(rest.GetBuffer(), 0, (int)rest.Length).TrimEnd('\r');
        rest.SetLength(0);
        lock (_tail)
        {
            _tail.Enqueue(text);
            if (_tail.Count > TailLines)
            {
                _tail.Dequeue();
            }
        }

        // CloudWatch Logs takes no empty event; its agents send a blank
        return new(time.GetUtcNow().ToUnixTimeMilliseconds(), text.Length == 0 ? " " : text);
    }

    /// <summary>Keeps lines. On a full disk it drops them, and says so when there is room again: who writes them must not wait for it.</summary>
    private void Append(IReadOnlyList<LogLine> lines)
    {
        if (lines.Count == 0)
        {
            return;
        }

        lines = spec.Filter?.Invoke(lines) ?? lines;
        try
        {
            if (lines.Count > 0)
            {
                Keep(lines);
            }
        }
        catch (SqliteException e) when (StorageFailure.IsFull(e))
        {
            _lost += lines.Count;
        }

        spec.Output?.Invoke(lines);
    }

    private void Keep(IReadOnlyList<LogLine> lines)
    {
        LogLine[] note = _lost > 0 ? [new(lines[0].Timestamp, $"{_lost} lines before this one were not kept: the disk was full.")] : [];
        store.Append(spec.LogGroup, spec.LogStream, [.. note, .. lines]);
        _lost = 0;
    }
}
