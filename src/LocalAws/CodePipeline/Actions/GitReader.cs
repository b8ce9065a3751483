using System.Buffers;
using System.Diagnostics;
using System.Text;
using Slipway.LocalAws.CodeCommit;

namespace Slipway.LocalAws.CodePipeline.Actions;

/// <summary>A file of a commit.</summary>
/// <param name="Path">Its path from the root.</param>
/// <param name="Mode">git's mode, such as <c>100644</c>.</param>
/// <param name="Id">Its blob.</param>
internal sealed record GitFile(string Path, string Mode, string Id);

/// <summary>
/// Reads many objects of a repository through one process: https://git-scm.com/docs/git-cat-file#_batch_output. What it gives
/// is what was committed, whatever the repository's attributes would change or leave out.
/// </summary>
internal sealed class GitReader : IDisposable
{
    private const int IdBytes = 20;
    private const string Folder = "40000";
    private const string Submodule = "160000";
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

    /// <summary>An object by its id or by a reference; null where there is none.</summary>
    /// <exception cref="IOException">git ended.</exception>
    public async Task<(string Id, byte[] Content)?> Find(string name, string type, CancellationToken cancellation)
    {
        if (await Ask(name, cancellation) is not { } found)
        {
            return null;
        }

        var content = new byte[found.Size];
        await _output.ReadExactlyAsync(content, cancellation);
        await EndObject(cancellation);
        return found.Type == type ? (found.Id, content) : null;
    }

    /// <summary>Copies an object that is there.</summary>
    /// <exception cref="IOException">git ended, or has no such object.</exception>
    public async Task Copy(string id, Stream to, CancellationToken cancellation)
    {
        var left = (await Ask(id, cancellation) ?? throw new IOException($"git has no object {id}")).Size;
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

        await EndObject(cancellation);
    }

    /// <summary>Every file below a tree, in git's order; submodules are left out.</summary>
    public async Task<List<GitFile>> Files(string tree, CancellationToken cancellation)
    {
        var files = new List<GitFile>();
        await Walk(tree, "", files, cancellation);
        return files;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private async Task Walk(string tree, string under, List<GitFile> files, CancellationToken cancellation)
    {
        var (_, content) = await Find(tree, "tree", cancellation) ?? throw new IOException($"git has no tree {tree}");
        for (var at = 0; at < content.Length;)
        {
            var zero = Array.IndexOf(content, (byte)0, at);
            var (mode, name) = Encoding.UTF8.GetString(content, at, zero - at).Split(' ', 2) is [var m, var n] ? (m, n) : throw new IOException($"git's tree {tree} is damaged");
            var id = Convert.ToHexStringLower(content, zero + 1, IdBytes);
            at = zero + 1 + IdBytes;
            if (mode == Folder)
            {
                await Walk(id, $"{under}{name}/", files, cancellation);
            }
            else if (mode != Submodule)
            {
                files.Add(new(under + name, mode, id));
            }
        }
    }

    private async Task<(string Id, string Type, long Size)?> Ask(string name, CancellationToken cancellation)
    {
        await _process.StandardInput.BaseStream.WriteAsync(Encoding.UTF8.GetBytes(name + "\n"), cancellation);
        await _process.StandardInput.BaseStream.FlushAsync(cancellation);
        var line = await ReadLine(cancellation);
        return line.Split(' ') is [var id, var type, var size] && long.TryParse(size, out var bytes) ? (id, type, bytes) : null;
    }

    private async Task EndObject(CancellationToken cancellation) => await _output.ReadExactlyAsync(new byte[1], cancellation);

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
