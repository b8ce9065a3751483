using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Aws.Wire;

namespace Slipway.LocalAws.Jobs;

/// <summary>
/// The folder of a job: a <c>/opt/ml</c> for each instance. It is made anew when the job starts and removed when the
/// job ends, also where it failed: its log, its failure reason and its outputs are what is left, as in AWS.
/// </summary>
internal sealed class JobFolder
{
    private const int LongestReason = 1024;
    private readonly string _root;
    private readonly int _instances;

    /// <summary>Makes an empty folder, in place of what a run before left.</summary>
    public JobFolder(LocalAwsOptions options, string kind, string job, int instances)
    {
        _root = Path.Combine(options.Folder("jobs"), kind, job);
        _instances = instances;
        Remove();
        foreach (var host in Hosts)
        {
            Directory.CreateDirectory(Path.Combine(_root, host));
        }

        if (instances > 1)
        {
            // each instance has a loopback address of its own, so that all of them can listen on one port
            HostsFile = Path.Combine(_root, "hosts");
            File.WriteAllLines(HostsFile, ["127.0.0.1 localhost", .. Hosts.Select((host, i) => $"127.0.1.{i + 1} {host}")]);
        }
    }

    /// <summary>The names of the instances: algo-1, algo-2, …</summary>
    public IReadOnlyList<string> Hosts => [.. Enumerable.Range(1, _instances).Select(i => $"algo-{i}")];

    /// <summary>Where the instances find each other, for a job of several.</summary>
    public string? HostsFile { get; }

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

    public void Remove()
    {
        if (Directory.Exists(_root))
        {
            Directory.Delete(_root, recursive: true);
        }
    }

    /// <summary>Whether a part of a path below <c>/opt/ml</c> is a link.</summary>
    private bool IsLinked(int instance, string path)
    {
        var at = MlRoot(instance);
        foreach (var part in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            at = Path.Combine(at, part);
            if (new FileInfo(at).LinkTarget is not null)
            {
                return true;
            }
        }

        return false;
    }
}
