using System.Globalization;
using System.IO.Compression;
using System.IO.Pipelines;
using Slipway.Aws.CodeCommit;
using Slipway.LocalAws.CodeCommit;

namespace Slipway.LocalAws.CodePipeline.Actions;

/// <summary>A commit's files as a zip, without git's own: AWS's CODE_ZIP. Executable files and links keep their mode.</summary>
internal static class CommitZip
{
    // a zip's times begin in 1980: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, 4.4.6
    private static readonly DateTimeOffset Earliest = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Latest = new(2107, 12, 31, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Writes it while somebody reads it, so that it lies nowhere else.</summary>
    /// <param name="git">The repository.</param>
    /// <param name="files">The commit's files.</param>
    /// <param name="time">When it was made.</param>
    /// <param name="read">Reads it.</param>
    /// <param name="cancellation">Stops both.</param>
    public static async Task Stream(
        GitReader git, IEnumerable<TreeEntry> files, DateTimeOffset time, Func<Stream, Task> read, CancellationToken cancellation)
    {
        var pipe = new Pipe();
        var writing = Task.Run(() => Write(git, files, time, pipe.Writer, cancellation), CancellationToken.None);
        try
        {
            await read(pipe.Reader.AsStream());
        }
        finally
        {
            await pipe.Reader.CompleteAsync();
            await writing;
        }
    }

    /// <summary>When git says that somebody did something: seconds since 1970 and an offset.</summary>
    public static DateTimeOffset TimeOf(UserInfo user) => DateTimeOffset.FromUnixTimeSeconds(long.Parse(user.Date.Split(' ')[0], CultureInfo.InvariantCulture));

    private static async Task Write(GitReader git, IEnumerable<TreeEntry> files, DateTimeOffset time, PipeWriter to, CancellationToken cancellation)
    {
        Exception? failure = null;
        try
        {
            time = time < Earliest ? Earliest : time > Latest ? Latest : time;
            using var zip = new ZipArchive(to.AsStream(leaveOpen: true), ZipArchiveMode.Create);
            foreach (var file in files)
            {
                var entry = zip.CreateEntry(file.Path, CompressionLevel.Fastest);
                entry.LastWriteTime = time;
                entry.ExternalAttributes = Convert.ToInt32(file.Mode, 8) << 16;
                using var content = entry.Open();
                await git.Copy(file.Id, content, cancellation);
            }
        }
        catch (Exception e)
        {
            // its reader throws it
            failure = e;
        }

        await to.CompleteAsync(failure);
    }
}
