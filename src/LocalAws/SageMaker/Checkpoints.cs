using Slipway.Aws.SageMaker;
using Slipway.Aws.Wire;
using Slipway.LocalAws.Jobs;
using Slipway.LocalAws.S3;

namespace Slipway.LocalAws.SageMaker;

/// <summary>
/// The checkpoints of a training job, if it asks for them: those in S3 are in its folder when its containers start, and what they
/// write there goes to S3 while they run and at their end, however they end: https://docs.aws.amazon.com/sagemaker/latest/dg/model-checkpoints.html
/// </summary>
internal sealed class Checkpoints(DescribeTrainingJob.Response job, JobFolder folder, JobInputs inputs, JobOutputs outputs, TimeProvider time)
{
    private const string Root = "/opt/ml/";
    private const string DefaultPath = Root + "checkpoints";
    private static readonly TimeSpan BetweenUploads = TimeSpan.FromSeconds(2);
    private readonly Dictionary<string, FileState> _inS3 = new(StringComparer.Ordinal);

    /// <summary>Where a job's containers write its checkpoints.</summary>
    public static string LocalPath(CheckpointConfig config) => config.LocalPath is { Length: > 0 } path ? path.TrimEnd('/') : DefaultPath;

    /// <summary>Whether a container has its own folder there.</summary>
    public static bool IsBelowRoot(CheckpointConfig config) => LocalPath(config).StartsWith(Root, StringComparison.Ordinal);

    /// <summary>Checks what a job asks for.</summary>
    /// <exception cref="AwsException">ValidationException.</exception>
    public static void Check(CheckpointConfig config)
    {
        S3Uri.Parse(config.S3Uri);
        if (LocalPath(config).Split('/').Contains(".."))
        {
            throw AwsErrors.Validation($"The LocalPath '{config.LocalPath}' of CheckpointConfig leads out of its folder.");
        }
    }

    /// <summary>Brings what is in S3 to each instance.</summary>
    public async Task Restore(CancellationToken cancellation)
    {
        if (job.CheckpointConfig is not { } config)
        {
            return;
        }

        // a prefix that ends inside a name would bring another job's checkpoints along
        var from = new JobInput(config.S3Uri.TrimEnd('/') + "/", IsManifest: false, Sharded: false, MayBeEmpty: true);
        foreach (var (path, instance) in Paths(config).Select((path, i) => (path, i)))
        {
            await inputs.Download(from, path, instance, folder.Hosts.Count, cancellation);
        }

        foreach (var (path, file) in JobOutputs.Files(Paths(config)))
        {
            _inS3[path] = FileState.Of(file);
        }
    }

    /// <summary>Uploads what the containers write, as long as they run.</summary>
    public async Task<JobEnd> UploadDuring(Task<JobEnd> running, CancellationToken shutdown)
    {
        while (job.CheckpointConfig is not null && await Task.WhenAny(running, Task.Delay(BetweenUploads, time, shutdown)) != running && !shutdown.IsCancellationRequested)
        {
            try
            {
                await Upload(shutdown);
            }
            // files come and go while they are written, and what can't be uploaded now may be at the end
            catch (Exception e) when (e is IOException or JobInputException or OperationCanceledException)
            {
                continue;
            }
        }

        return await running;
    }

    /// <summary>Uploads what is not in S3 yet.</summary>
    /// <exception cref="JobInputException">It can't be uploaded.</exception>
    public Task Upload(CancellationToken cancellation) => job.CheckpointConfig is { } config
        ? outputs.UploadChanged(Paths(config), config.S3Uri, _inS3, cancellation)
        : Task.CompletedTask;

    private List<string> Paths(CheckpointConfig config) => [.. folder.Hosts.Select((_, i) => folder.Make(i, LocalPath(config)[Root.Length..]))];
}
