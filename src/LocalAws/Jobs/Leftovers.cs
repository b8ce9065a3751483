using System.Globalization;
using System.Text;
using Slipway.LocalAws.CodeBuild.Running;
using Slipway.LocalAws.Containers;
using Slipway.LocalAws.Storage;

namespace Slipway.LocalAws.Jobs;

/// <summary>
/// Clears away what a local AWS that was killed has left in its data directory: the processes of jobs and model servers
/// that outlived it, and their folders. A process dies with local AWS as soon as it has asked to; one that was only just
/// being started had not asked yet.
/// </summary>
internal sealed class Leftovers(LocalAwsOptions options, DataDirectory directory, TimeProvider time)
{
    /// <summary>The folders of processes. Nothing in them is needed after a restart: what was under way starts anew.</summary>
    private static readonly string[] Transient = ["endpoints", "tmp"];

    /// <summary>The folders of builds and jobs, whose outputs may not have been uploaded: their own resumption removes those that are over.</summary>
    private static readonly string[] Resumed = [BuildFolder.All, JobFolder.All];
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <summary>Returns once nothing is left.</summary>
    /// <exception cref="DataDirectoryException">A process does not end.</exception>
    public async Task Clear(CancellationToken cancellation)
    {
        if (directory.WasKilled && OperatingSystem.IsLinux())
        {
            await End(cancellation);
        }

        if (directory.WasKilled && Docker.EndLeft(options) is { Count: > 0 } containers)
        {
            throw Stuck($"Docker containers ({string.Join(", ", containers)})");
        }

        foreach (var folder in Transient.Select(options.Folder).Concat(Jobs().Where(f => EndedJob.In(f) is null)))
        {
            Folders.Remove(folder);
        }
    }

    private async Task End(CancellationToken cancellation)
    {
        for (var began = time.GetTimestamp(); Find() is { Count: > 0 } left; await Task.Delay(Look, time, cancellation))
        {
            if (time.GetElapsedTime(began) > Limit)
            {
                throw Stuck($"Processes ({string.Join(", ", left)})");
            }

            left.ForEach(pid => Unix.Signal(pid, Unix.SigKill));
        }
    }

    /// <summary>The folders of single jobs.</summary>
    private IEnumerable<string> Jobs() => options.Folder(JobFolder.All) is var all && Directory.Exists(all) ? Directory.EnumerateDirectories(all).SelectMany(Directory.EnumerateDirectories) : [];

    private DataDirectoryException Stuck(string what) =>
        new($"{what} of a local AWS that was killed still work in the data directory {options.DataDirectory} and can't be ended. End them and start again.");

    /// <summary>The processes of containers whose <c>/opt/ml</c> lies in this data directory. One that has ended has no command line.</summary>
    private List<int> Find() =>
    [
        .. Directory.EnumerateDirectories("/proc").Select(f => int.TryParse(Path.GetFileName(f), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? pid : 0)
            .Where(pid => pid > 0 && pid != Environment.ProcessId && (IsSandbox(Fields(pid, "cmdline")) || IsWorker(Fields(pid, "environ")))),
    ];

    private bool IsSandbox(string[] arguments) => arguments.Zip(arguments.Skip(1)).Any(pair => pair.First == "--bind" && IsOurs(pair.Second));

    private bool IsWorker(string[] variables) => variables.Any(v => v.Split('=', 2) is ["SLIPWAY_ML_ROOT", var folder] && IsOurs(folder));

    private bool IsOurs(string folder) => Transient.Concat(Resumed).Any(f => folder.StartsWith(options.Folder(f) + "/", StringComparison.Ordinal));

    private static string[] Fields(int pid, string file)
    {
        try
        {
            return Encoding.UTF8.GetString(File.ReadAllBytes($"/proc/{pid}/{file}")).Split('\0');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return []; // it has ended meanwhile, or is another user's
        }
    }
}
