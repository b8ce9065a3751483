using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Aws.Wire;
using Slipway.LocalAws.Containers;

namespace Slipway.LocalAws.Jobs;

/// <summary>
/// The folder of a job: a <c>/opt/ml</c> for each instance. It is made anew when the job starts and removed when the
/// job ends, also where it failed: its log, its failure reason and its outputs are what is left, as in AWS.
/// </summary>
internal sealed class JobFolder
{
    /// <summary>The folder of the folders of all jobs.</summary>
    public const string All = "jobs";

    private const int LongestReason = 1024;
    private readonly string _root;
    private readonly int _instances;

    /// <summary>The folder of a job that a local AWS which ended has left with its containers ended, else an empty one.</summary>
    public JobFolder(LocalAwsOptions options, string kind, string job, int instances)
    {
        _root = Root(options, kind, job);
        _instances = instances;
        var uploaded = EndedJob.UploadedFrom(_root);
        (IsUploaded, Ended) = (uploaded is not null, uploaded ?? EndedJob.In(_root));
        if (Ended is null)
        {
            MakeEmpty();
        }
    }

    /// <summary>How the job's containers ended; null while they have not.</summary>
    public EndedJob? Ended { get; private set; }

    /// <summary>Whether the job's outputs are in S3.</summary>
    public bool IsUploaded { get; private set; }

    /// <summary>Whether a job's containers had ended when a local AWS that was killed ran it.</summary>
    public static bool HasEnded(LocalAwsOptions options, string kind, string job) =>
        EndedJob.UploadedFrom(Root(options, kind, job)) is not null || EndedJob.In(Root(options, kind, job)) is not null;

    /// <summary>Forgets how a job's containers ended, which says otherwise itself: another job may have its name.</summary>
    public static void Forget(LocalAwsOptions options, string kind, string job) => EndedJob.Forget(Root(options, kind, job));

    /// <summary>Removes what is left of jobs that are not under way.</summary>
    /// <param name="options">Where the data directory is.</param>
    /// <param name="kind">Their kind.</param>
    /// <param name="underWay">The names of those that are.</param>
    public static void Sweep(LocalAwsOptions options, string kind, IEnumerable<string> underWay)
    {
        var needed = underWay.Select(job => Root(options, kind, job)).ToHashSet();
        var all = Path.Combine(options.Folder(All), kind);
        foreach (var entry in Directory.Exists(all) ? Directory.EnumerateFileSystemEntries(all) : [])
        {
            if (File.Exists(entry) && !needed.Contains(Path.ChangeExtension(entry, null)))
            {
                File.Delete(entry);
            }
            else if (Directory.Exists(entry) && !needed.Contains(entry))
            {
                Folders.Remove(entry);
            }
        }
    }

    /// <summary>Keeps how the containers ended: from now on a kill costs the upload alone.</summary>
    public EndedJob Keep(EndedJob ended)
    {
        ended.Keep(_root);
        return Ended = ended;
    }

    /// <summary>Says that the outputs are in S3, or that there are none: from now on a kill costs nothing.</summary>
    public void Uploaded()
    {
        if (!IsUploaded)
        {
            EndedJob.Uploaded(_root);
            IsUploaded = true;
        }
    }

    private static string Root(LocalAwsOptions options, string kind, string job) => Path.Combine(options.Folder(All), kind, job);

    private void MakeEmpty()
    {
        Remove();
        foreach (var host in Hosts)
        {
            Directory.CreateDirectory(Path.Combine(_root, host));
        }

        if (_instances > 1)
        {
            // each instance has a loopback address of its own, so that all of them can listen on one port
            HostsFile = Path.Combine(_root, "hosts");
            File.WriteAllLines(HostsFile, ["127.0.0.1 localhost", .. Hosts.Select((host, i) => $"127.0.1.{i + 1} {host}")]);
        }
    }

    /// <summary>The names of the instances: algo-1, algo-2, …</summary>
    public IReadOnlyList<string> Hosts => [.. Enumerable.Range(1, _instances).Select(i => $"algo-{i}")];

    /// <summary>Where the instances find each other, for a job of several.</summary>
    public string? HostsFile { get; private set; }

    /// <summary>The folder that an instance sees as <c>/opt/ml</c>.</summary>
    public string MlRoot(int instance) => Path.Combine(_root, $"algo-{instance + 1}");

    /// <summary>A file for local AWS's own work, where no job can put a link in its place.</summary>
    public string Scratch(string name) => Path.Combine(_root, name);

    /// <summary>The path here of a folder below <c>/opt/ml</c> of an instance; the folder is made.</summary>
    /// <exception cref="JobInputException">The job has put a link in its place.</exception>
    public string Make(int instance, string path) => IsLinked(instance, path)
        ? throw new JobInputException($"Data upload failed: /opt/ml/{path.TrimEnd('/')} is, or is below, a link, which could lead out of the job's folder.")
        : Directory.CreateDirectory(Path.Combine(MlRoot(instance), path)).FullName;

    /// <summary>Writes a configuration file below <c>/opt/ml</c> of an instance.</summary>
    public void Write(int instance, string path, JsonNode content)
    {
        var file = Path.Combine(MlRoot(instance), path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, content.ToJsonString(AwsJson.Lenient));
    }

    /// <summary>A record as AWS writes it, for a configuration file.</summary>
    public static JsonNode? Json<T>(T value) => JsonSerializer.SerializeToNode(value, AwsJson.Lenient);

    /// <summary>What an instance left in <c>/opt/ml/output/NAME</c> for people to read, or null; no more than AWS shows.</summary>
    public string? Message(int instance, string name)
    {
        var file = new FileInfo(Path.Combine(MlRoot(instance), "output", name));
        if (IsLinked(instance, "output/" + name) || !file.Exists || file.Length == 0)
        {
            return null;
        }

        using var reader = file.OpenText();
        var text = new char[LongestReason];
        return new string(text, 0, reader.ReadBlock(text)).Trim();
    }

    /// <summary>The reason of a failure, in SageMaker's form: what the job said itself, else the last lines of its log.</summary>
    public static string Reason(string? message, JobEnd end)
    {
        const string before = "AlgorithmError: ";
        var after = $", exit code: {end.ExitCode}";
        var room = LongestReason - before.Length - after.Length;
        var lines = end.LastLines.Trim();
        var said = message is { Length: > 0 } ? message[..Math.Min(message.Length, room)] : lines[^Math.Min(lines.Length, room)..];
        return before + (said.Length > 0 ? said : "the log is empty") + after;
    }

    /// <summary>A reason no longer than AWS's.</summary>
    public static string Short(string reason) => reason[..Math.Min(reason.Length, LongestReason)];

    /// <summary>Removes it.</summary>
    public void Remove() => Folders.Remove(_root);

    /// <summary>Forgets how the containers ended, once the job itself says it.</summary>
    public void Forget() => EndedJob.Forget(_root);

    /// <summary>Whether a part of a path below <c>/opt/ml</c> is a link.</summary>
    private bool IsLinked(int instance, string path) => Folders.IsLinked(MlRoot(instance), path);
}
