using System.Text.Json;
using Slipway.Aws.SageMaker;
using Slipway.Aws.Wire;

namespace Slipway.LocalAws.Jobs;

/// <summary>How a job's containers ended, kept in its folder until its outputs are in S3 and it says so: a kill meanwhile does not run it again.</summary>
/// <param name="End">How they ended.</param>
/// <param name="Message">What the job left for people to read, or null.</param>
/// <param name="Metrics">The metrics that its log had.</param>
internal sealed record EndedJob(JobEnd End, string? Message, IReadOnlyList<MetricData> Metrics)
{
    private const string FileName = "ended.json";
    private const string BootFile = "/proc/sys/kernel/random/boot_id";

    /// <summary>Names this run of the machine: until it ends, what a process has written is there, on disk or not; null where nothing names it.</summary>
    private static readonly string? ThisBoot = File.Exists(BootFile) ? File.ReadAllText(BootFile).Trim() : null;

    /// <summary>The machine's run in which it was kept.</summary>
    public string? Boot { get; init; }

    /// <summary>The job of a folder, or null where its containers have not ended or its outputs may not be whole.</summary>
    public static EndedJob? In(string folder) => Read(Path.Combine(folder, FileName)) is { Boot: { } boot } ended && boot == ThisBoot ? ended : null;

    /// <summary>The job of a folder whose outputs are in S3, or null.</summary>
    public static EndedJob? UploadedFrom(string folder) => Read(UploadedFile(folder));

    /// <summary>Keeps it in the job's folder.</summary>
    public void Keep(string folder)
    {
        var file = Path.Combine(folder, FileName);
        var made = file + ".new";
        File.WriteAllBytes(made, JsonSerializer.SerializeToUtf8Bytes(this with { Boot = ThisBoot }, AwsJson.Lenient));
        File.Move(made, file, overwrite: true);
    }

    /// <summary>Says that the outputs are in S3, or that there are none: from now on the folder is not needed.</summary>
    public static void Uploaded(string folder) => File.Move(Path.Combine(folder, FileName), UploadedFile(folder), overwrite: true);

    /// <summary>Forgets a job that says itself how it ended.</summary>
    public static void Forget(string folder) => File.Delete(UploadedFile(folder));

    private static string UploadedFile(string folder) => folder + ".uploaded";

    private static EndedJob? Read(string file)
    {
        try
        {
            return File.Exists(file) ? JsonSerializer.Deserialize<EndedJob>(File.ReadAllBytes(file), AwsJson.Lenient) : null;
        }
        catch (JsonException)
        {
            // a power cut has left it half written: the job runs again
            return null;
        }
    }
}
