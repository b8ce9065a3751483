using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using Slipway.Aws.SageMaker;
using Slipway.LocalAws.Access;
using Slipway.LocalAws.S3;
using Slipway.LocalAws.S3.Store;
using Slipway.Tests.Clients;

namespace Slipway.Tests.LocalAws.Jobs;

/// <summary>What jobs take from S3 and give to it, and what a restart does to them.</summary>
public sealed class JobDataTests(LocalAwsFixture aws) : IClassFixture<LocalAwsFixture>, IAsyncLifetime
{
    private const string Bucket = "jobs-data";

    private ObjectStore Objects => aws.Server.Part<ObjectStore>();

    public async ValueTask InitializeAsync()
    {
        if (!Objects.BucketExists(Bucket))
        {
            aws.Server.Part<Buckets>().Create(Bucket, "us-east-1");
        }

        foreach (var (key, text) in new[] { ("in/a.csv", "a"), ("in/b.csv", "b"), ("in/deep/c.csv", "c"), ("input.csv", "no"), ("manifest", $$"""[{"prefix":"s3://{{Bucket}}/in/"},"b.csv","deep/c.csv"]""") })
        {
            using var content = new MemoryStream(Encoding.UTF8.GetBytes(text));
            await Objects.Put(Bucket, key, content);
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData("in", "S3Prefix", "a.csv b.csv deep/c.csv input.csv")]
    [InlineData("in/", "S3Prefix", "a.csv b.csv deep/c.csv")]
    [InlineData("in/de", "S3Prefix", "deep/c.csv")]
    [InlineData("in/a.csv", "S3Prefix", "a.csv")]
    [InlineData("manifest", "ManifestFile", "b.csv deep/c.csv")]
    public async Task An_input_is_below_its_prefix(string key, string type, string expected)
    {
        var name = "input-" + Guid.NewGuid().ToString("N");
        await Process(name, "cd /opt/ml/processing/in; find . -type f | sort | cut -c3- | paste -sd ' ' > ../out/list", 1, key, type);
        Assert.Equal(expected + "\n", Text($"out/{name}/list"));
    }

    [Fact]
    public async Task Sharded_objects_go_to_one_instance_each_and_outputs_of_all_are_uploaded()
    {
        var end = await Process("sharded", "cp -r /opt/ml/processing/in/* /opt/ml/processing/out; rm -f /opt/ml/processing/out/none; ls -R /opt/ml/processing/in | grep -c csv > /opt/ml/processing/out/count-$(hostname -I >/dev/null 2>&1; sed 's/.*\"current_host\":\"\\([^\"]*\\)\".*/\\1/' /opt/ml/config/resourceconfig.json)", 2, "in/", sharded: true);
        Assert.Equal(JobStatus.Completed, end.ProcessingJobStatus);
        Assert.Equal(["a.csv", "b.csv", "count-algo-1", "count-algo-2", "deep/c.csv"], Objects.List(Bucket, "out/sharded/").Select(o => o.Key["out/sharded/".Length..]));
        Assert.Equal("2\n", Text("out/sharded/count-algo-1"));
        Assert.Equal("1\n", Text("out/sharded/count-algo-2"));
    }

    [Fact]
    public async Task An_input_with_nothing_there_fails_the_job_and_names_it()
    {
        var end = await Process("nothing", "true", 1, "no-such/");
        Assert.Equal(JobStatus.Failed, end.ProcessingJobStatus);
        Assert.Contains($"s3://{Bucket}/no-such/", end.FailureReason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_that_no_file_system_has_beside_each_other_fail_the_job_and_are_named()
    {
        foreach (var (key, shown) in new[] { ("odd/a/b", "odd/a/b"), ("long/" + new string('n', 300), "long/nnn") })
        {
            foreach (var one in new[] { key, key[..^2] })
            {
                using var content = new MemoryStream([1]);
                await Objects.Put(Bucket, one, content);
            }

            var end = await Process("keys-" + key.Length, "true", 1, key[..(key.IndexOf('/', StringComparison.Ordinal) + 1)]);
            Assert.Equal(JobStatus.Failed, end.ProcessingJobStatus);
            Assert.StartsWith($"ClientError: Data download failed: the key {shown}", end.FailureReason, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Pipes_and_sockets_that_a_job_leaves_are_not_waited_for()
    {
        const string odd = "mkfifo pipe; node -e \"require('net').createServer().listen('socket', () => process.exit())\"; test -p pipe && echo x > file";
        var processing = await Process("pipes", $"cd /opt/ml/processing/out; {odd}", 1, "in/");
        Assert.True(processing.ProcessingJobStatus == JobStatus.Completed, processing.FailureReason);
        Assert.Equal(["file"], Objects.List(Bucket, "out/pipes/").Select(o => o.Key["out/pipes/".Length..]));
        var training = await Train("pipes", $"cd /opt/ml/model; {odd}; cd /opt/ml/checkpoints; mkfifo pipe", new($"s3://{Bucket}/pipes/checkpoints"));
        Assert.True(training.TrainingJobStatus == JobStatus.Completed, training.FailureReason);
        Assert.Equal(["file"], Entries("models/pipes/output/model.tar.gz"));
    }

    [Theory]
    [InlineData("model", "rm -r /opt/ml/model; ln -s {0} /opt/ml/model")]
    [InlineData("output/data", "rm -r /opt/ml/output; ln -s {0} /opt/ml/output")]
    public async Task A_link_in_the_place_of_an_output_leads_nowhere(string named, string script)
    {
        var outside = Directory.CreateDirectory(Path.Combine(aws.DataDirectory, "outside-" + Guid.NewGuid().ToString("N"))).FullName;
        await File.WriteAllTextAsync(Path.Combine(outside, "private"), "nobody else's");
        var name = "linked-" + Guid.NewGuid().ToString("N");
        var end = await Train(name, string.Format(script, outside));
        Assert.Equal(JobStatus.Failed, end.TrainingJobStatus);
        Assert.Contains($"/opt/ml/{named} is, or is below, a link", end.FailureReason, StringComparison.Ordinal);
        Assert.DoesNotContain(Objects.List(Bucket, $"models/{name}/"), o => o.Size > 0 && Entries(o.Key).Contains("private"));
    }

    [Fact]
    public async Task A_link_in_the_place_of_an_archive_is_not_written_through()
    {
        var outside = Path.Combine(aws.DataDirectory, "own-file");
        await File.WriteAllTextAsync(outside, "as it was");
        var end = await Train("link-out", $"echo m > /opt/ml/model/m; ln -s {outside} /opt/ml/model.tar.gz; ln -s {outside} /opt/ml/output.tar.gz; ln -s {outside} /opt/ml/model/link");
        Assert.Equal(JobStatus.Completed, end.TrainingJobStatus);
        Assert.Equal("as it was", await File.ReadAllTextAsync(outside));
        Assert.Equal(["m"], Entries("models/link-out/output/model.tar.gz"));
    }

    [Fact]
    public async Task A_job_signs_as_its_role_while_it_runs_and_no_longer()
    {
        await Train("identity", "env | grep ^AWS_ > /opt/ml/model/env");
        var lines = Content("models/identity/output/model.tar.gz", "env").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split('=', 2)).ToDictionary(l => l[0], l => l[1]);
        Assert.StartsWith("ASIA", lines["AWS_ACCESS_KEY_ID"], StringComparison.Ordinal);
        Assert.Equal(["AWS_ACCESS_KEY_ID", "AWS_DEFAULT_REGION", "AWS_EC2_METADATA_DISABLED", "AWS_ENDPOINT_URL", "AWS_REGION", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"], lines.Keys.Order());
        Assert.Null(aws.Server.Part<CredentialStore>().Claimed(lines["AWS_ACCESS_KEY_ID"], lines["AWS_SESSION_TOKEN"]));
    }

    [Fact]
    public async Task A_model_is_packed_with_the_same_bytes_each_time_and_a_job_that_fails_leaves_none()
    {
        const string script = "mkdir -p /opt/ml/model/sub; echo model > /opt/ml/model/model.txt; echo x > /opt/ml/model/sub/x; echo extra > /opt/ml/output/data/extra; cat /opt/ml/input/data/train/a.csv";
        var first = await Train("pack-1", script);
        var second = await Train("pack-2", script);
        var failed = await Train("pack-3", script + "; exit 1");
        Assert.Equal((JobStatus.Completed, JobStatus.Completed, JobStatus.Failed), (first.TrainingJobStatus, second.TrainingJobStatus, failed.TrainingJobStatus));
        Assert.Equal(Objects.Find(Bucket, "models/pack-1/output/model.tar.gz")!.ETag, Objects.Find(Bucket, "models/pack-2/output/model.tar.gz")!.ETag);
        Assert.NotNull(Objects.Find(Bucket, "models/pack-1/output/output.tar.gz"));
        Assert.Empty(Objects.List(Bucket, "models/pack-3/"));
        Assert.Equal(["model.txt", "sub/x"], Entries("models/pack-1/output/model.tar.gz"));
        Assert.Empty(Directory.GetDirectories(Path.Combine(aws.DataDirectory, "jobs", "training")));
    }

    [Fact]
    public async Task A_job_under_way_when_local_AWS_ends_runs_again_from_its_beginning()
    {
        await Start("restarted", "test ! -e /opt/ml/model/half || exit 9; echo half > /opt/ml/model/half; test -e /opt/ml/input/data/train/go && echo done > /opt/ml/model/model.txt || exec sleep 600");
        await Training("restarted", job => job.SecondaryStatus == "Training");

        using (var content = new MemoryStream([1]))
        {
            await Objects.Put(Bucket, "in/go", content);
        }

        await aws.Restart();
        var end = await TrainingEnd("restarted");
        Objects.Delete(Bucket, new Deletion("in/go"));
        Assert.True(end.TrainingJobStatus == JobStatus.Completed, end.FailureReason);
        Assert.Contains(end.SecondaryStatusTransitions, t => t.Status == "Restarting");
        Assert.Equal(["half", "model.txt"], Entries("models/restarted/output/model.tar.gz"));
    }

    [Fact]
    public async Task Checkpoints_are_in_S3_while_the_job_runs_and_a_job_that_begins_again_finds_them()
    {
        // the first run ends with local AWS, as soon as its checkpoint is in S3; the second goes on from there
        await Start("checkpoints", "cd /opt/ml/checkpoints; if test -e epoch-1; then cat epoch-1 > /opt/ml/model/model.txt; else echo one > new; mv new epoch-1; exec sleep 600; fi", new($"s3://{Bucket}/kept/checkpoints"));
        await Patience.Until(() => Task.FromResult(Objects.Find(Bucket, "kept/checkpoints/epoch-1") is not null));
        await aws.Restart();
        var end = await TrainingEnd("checkpoints");
        Assert.True(end.TrainingJobStatus == JobStatus.Completed, end.FailureReason);
        Assert.Equal("one\n", Content("models/checkpoints/output/model.tar.gz", "model.txt"));
    }

    [Fact]
    public async Task What_a_failing_job_has_written_of_its_checkpoints_is_kept_for_the_next()
    {
        using (var other = new MemoryStream([1]))
        {
            await Objects.Put(Bucket, "failing/points-of-another/x", other);
        }

        var config = new CheckpointConfig($"s3://{Bucket}/failing/points", "/opt/ml/own/place");
        // what it finds is its reason; where it finds nothing, that is its log, which has its configuration
        const string script = "cat /opt/ml/input/config/checkpointconfig.json; cd /opt/ml/own/place; ls > /opt/ml/output/failure; mkdir -p deep; date +%N > deep/newest; exit 1";
        var first = await Train("points-1", script, config);
        Assert.Contains($"\"S3Uri\":\"{config.S3Uri}\",\"LocalPath\":\"{config.LocalPath}\"", first.FailureReason, StringComparison.Ordinal);
        var written = Text("failing/points/deep/newest");
        var second = await Train("points-2", script, config);
        Assert.Equal("AlgorithmError: deep, exit code: 1", second.FailureReason);
        Assert.NotEqual(written, Text("failing/points/deep/newest"));
        Assert.Equal(config, second.CheckpointConfig);
    }

    private async Task<DescribeProcessingJob.Response> Process(string name, string script, int instances, string key, string type = "S3Prefix", bool sharded = false)
    {
        await aws.Aws.Send(new CreateProcessingJob(
            name, new(new(instances, "ml.m5.large", 1)), new(LocalAwsFixture.CommandImage, ["sh", "-c"], [script]), aws.RoleArn,
            [new("in", new($"s3://{Bucket}/{key}", type, "/opt/ml/processing/in", "File", sharded ? "ShardedByS3Key" : null))],
            new([new("out", new($"s3://{Bucket}/out/{name}", "EndOfJob", "/opt/ml/processing/out"))])));
        return await aws.Changed(
            $"arn:aws:sagemaker:us-east-1:000000000000:processing-job/{name}", () => aws.Aws.Send(new DescribeProcessingJob(name)), job => job.ProcessingJobStatus != JobStatus.InProgress);
    }

    private async Task<DescribeTrainingJob.Response> Train(string name, string script, CheckpointConfig? checkpoints = null)
    {
        await Start(name, script, checkpoints);
        return await TrainingEnd(name);
    }

    private Task Start(string name, string script, CheckpointConfig? checkpoints = null) => aws.Aws.Send(new CreateTrainingJob(
        name, aws.RoleArn, new($"s3://{Bucket}/models/"),
        new("File", LocalAwsFixture.CommandImage, ContainerEntrypoint: ["sh", "-c", script]), new("ml.m5.large", 1, 1),
        InputDataConfig: [new("train", new(new("S3Prefix", $"s3://{Bucket}/in/")))], CheckpointConfig: checkpoints));

    private Task<DescribeTrainingJob.Response> TrainingEnd(string name) => Training(name, job => job.TrainingJobStatus != JobStatus.InProgress);

    private Task<DescribeTrainingJob.Response> Training(string name, Func<DescribeTrainingJob.Response, bool> isRight) =>
        aws.Changed($"arn:aws:sagemaker:us-east-1:000000000000:training-job/{name}", () => aws.Aws.Send(new DescribeTrainingJob(name)), isRight);

    private string Text(string key)
    {
        using var reader = new StreamReader(Objects.Open(Bucket, key)!.Value.Content);
        return reader.ReadToEnd();
    }

    private string Content(string key, string name)
    {
        using var gzip = new GZipStream(Objects.Open(Bucket, key)!.Value.Content, CompressionMode.Decompress);
        using var tar = new TarReader(gzip);
        while (tar.GetNextEntry() is { } entry)
        {
            if (entry.Name == name)
            {
                using var reader = new StreamReader(entry.DataStream!);
                return reader.ReadToEnd();
            }
        }

        throw new InvalidOperationException($"{key} has no {name}");
    }

    private List<string> Entries(string key)
    {
        using var gzip = new GZipStream(Objects.Open(Bucket, key)!.Value.Content, CompressionMode.Decompress);
        using var tar = new TarReader(gzip);
        var names = new List<string>();
        while (tar.GetNextEntry() is { } entry)
        {
            names.Add(entry.Name);
        }

        return names;
    }
}
