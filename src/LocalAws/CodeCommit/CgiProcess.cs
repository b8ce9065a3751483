using System.Diagnostics;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Slipway.LocalAws.CodeCommit;

/// <summary>
/// A CGI program that answers a request, with nothing of either held in memory but a buffer: the body goes to it while
/// its answer comes back (https://datatracker.ietf.org/doc/html/rfc3875).
/// </summary>
internal sealed class CgiProcess(HttpContext http, Process process)
{
    private const int BufferSize = 1 << 16;
    private const int LongestHeader = 1 << 13;
    private readonly Stream _output = process.StandardOutput.BaseStream;

    /// <summary>Runs it to its end.</summary>
    /// <param name="held">How many bytes at the end of its answer the client does not get before <paramref name="done"/>.</param>
    /// <param name="done">What must have happened before the client has the whole answer.</param>
    /// <returns>What it wrote to its standard error; empty where it ended well.</returns>
    public async Task<string> Run(int held, Func<Task> done)
    {
        var errors = process.StandardError.ReadToEndAsync();
        var feeding = Feed();
        byte[] rest;
        try
        {
            await ReadHeaders();
            rest = await Copy(held);
        }
        finally
        {
            // a client that left takes git's output with it: git ends by itself, and cleans up after itself
            _output.Close();
            await feeding;
            await process.WaitForExitAsync();
            await done();
        }

        await http.Response.Body.WriteAsync(rest, http.RequestAborted);
        return process.ExitCode == 0 ? "" : $"exit status {process.ExitCode}: {await errors}";
    }

    private async Task Feed()
    {
        try
        {
            await Git.Feed(process, stream => http.Request.Body.CopyToAsync(stream, BufferSize, http.RequestAborted));
        }
        catch (Exception e) when (e is OperationCanceledException or BadHttpRequestException)
        {
            // half a body: git finds its input cut off and changes nothing
            process.StandardInput.Close();
        }
    }

    private async Task ReadHeaders()
    {
        while (await ReadLine() is { Length: > 0 } line)
        {
            var (name, value) = line.Split(':', 2) is [var left, var right] ? (left, right.Trim()) : throw new InvalidDataException($"git http-backend: '{line}' is no header");
            if (name.Equals("Status", StringComparison.OrdinalIgnoreCase))
            {
                http.Response.StatusCode = int.Parse(value.Split(' ')[0]);
            }
            else
            {
                http.Response.Headers[name] = value;
            }
        }
    }

    private async Task<string> ReadLine()
    {
        var line = new StringBuilder();
        var one = new byte[1];
        while (await _output.ReadAsync(one) == 1 && one[0] != '\n' && line.Length < LongestHeader)
        {
            line.Append((char)one[0]);
        }

        return line.ToString().TrimEnd('\r');
    }

    /// <summary>Passes the answer on but for its last bytes, which it gives back.</summary>
    private async Task<byte[]> Copy(int held)
    {
        var buffer = new byte[BufferSize + held];
        var kept = 0;
        int read;
        while ((read = await _output.ReadAsync(buffer.AsMemory(kept, BufferSize), http.RequestAborted)) > 0)
        {
            var filled = kept + read;
            var ready = Math.Max(0, filled - held);
            await http.Response.Body.WriteAsync(buffer.AsMemory(0, ready), http.RequestAborted);
            buffer.AsSpan(ready, filled - ready).CopyTo(buffer);
            kept = filled - ready;
        }

        return buffer[..kept];
    }
}
