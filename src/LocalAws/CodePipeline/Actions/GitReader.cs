using System.Buffers;
using System.Diagnostics;
using System.Text;

namespace Slipway.LocalAws.CodePipeline.Actions;

/// <summary>
/// Copies many objects of a repository through one process: https://git-scm.com/docs/git-cat-file#_batch_output. What it gives
/// is what was committed, whatever the repository's attributes would change or leave out.
/// </summary>
internal sealed class GitReader : IDisposable
{
    private readonly Process _process;
    private readonly Stream _output;

    public GitReader(string folder)
    {
        _process = CodeCommit.Git.Launch(["--git-dir", folder, "cat-file", "--batch"], []);
        // what it complains of is in its answers too; a full pipe would stop it
        _process.ErrorDataReceived += static (_, _) => { };
        _process.BeginErrorReadLine();
        _output = new BufferedStream(_process.StandardOutput.BaseStream, 1 << 16);
    }

    /// <summary>Copies an object that is there.</summary>
    /// <exception cref="IOException">git ended, or has no such object.</exception>
    public async Task Copy(string id, Stream to, CancellationToken cancellation)
    {
        var left = await Ask(id, cancellation) ?? throw new IOException($"git has no object {id}");
        var buffer = ArrayPool<byte>.Shared.Rent(1 << 16);
        try
        {
            while (left > 0)
            {
                var part = (int)Math.Min(left, buffer.Length);
                await _output.ReadExactlyAsync(buffer.AsMemory(0, part), cancellation);
                await to.WriteAsync(buffer.AsMemory(0, part), cancellation);
                left -= part;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        // a line ends the object
        await _output.ReadExactlyAsync(new byte[1], cancellation);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    /// <summary>Asks for an object and gives its size; null where there is none.</summary>
    private async Task<long?> Ask(string id, CancellationToken cancellation)
    {
        await _process.StandardInput.BaseStream.WriteAsync(Encoding.UTF8.GetBytes(id + "\n"), cancellation);
        await _process.StandardInput.BaseStream.FlushAsync(cancellation);
        var line = await ReadLine(cancellation);
        return line.Split(' ') is [_, _, var size] && long.TryParse(size, out var bytes) ? bytes : null;
    }

    private async Task<string> ReadLine(CancellationToken cancellation)
    {
        var (line, one) = (new List<byte>(), new byte[1]);
        while (true)
        {
            await _output.ReadExactlyAsync(one, cancellation);
            if (one[0] == '\n')
            {
                return Encoding.UTF8.GetString([.. line]);
            }

            line.Add(one[0]);
        }
    }
}
