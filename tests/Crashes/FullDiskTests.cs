using Amazon.Runtime;
using Amazon.S3;
using Slipway.Aws.Client;
using Slipway.Aws.FeatureStoreRuntime;
using Slipway.Aws.Iam;
using Slipway.Aws.SageMaker;
using Slipway.Aws.Wire;
using Slipway.Tests.Clients;
using Slipway.Tests.EndToEnd;
using Unix = Slipway.LocalAws.Containers.Unix;

namespace Slipway.Tests.Crashes;

/// <summary>A disk that fills up while local AWS works, and has room again later. The disk is a small one in memory.</summary>
public sealed class FullDiskTests : IDisposable
{
    private const string Name = "kept";
    private readonly string _folder = Directory.CreateTempSubdirectory("slipway-full-").FullName;

    private readonly JobGate _gate = new();
    private AwsSession? _session;

    private string Data => Path.Combine(_folder, "data");

    private string Errors => Path.Combine(_folder, "errors");

    private AwsSession Session => _session ?? throw new InvalidOperationException("not started");

    public void Dispose()
    {
        _session?.Dispose();
        _gate.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_full_disk_is_told_in_words_and_with_room_again_everything_acknowledged_is_there()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the disk is a mount of Linux's");
        Assert.SkipUnless(Command.Find("bwrap") is not null, "bubblewrap, which mounts a small disk, is not on this machine");
        Directory.CreateDirectory(Data);
        using var up = await LaunchedUp.Start(
            Data, 0, "sh", "-c", $"exec \"$@\" 2> {Errors}", "sh", "bwrap", "--dev-bind", "/", "/", "--size", "16000000", "--tmpfs", Data);
        _session = new(up.Endpoint, new BasicAWSCredentials("test", "test"), "us-east-1");
        var disk = Disk(up);
        var execution = await Begin();

        var filler = Path.Combine(disk, "filler");
        Fill(filler);
        var records = await CheckRefusals();
        await _gate.Open();
        await Until(() => Task.FromResult(Directory.GetFiles(Path.Combine(disk, "jobs"), "zeros", SearchOption.AllDirectories)), left => left is []);
        Assert.Equal("content", await Content("object"));

        File.Delete(filler);
        var failed = await Ended(execution);
        Assert.Equal(PipelineExecutionStatus.Failed, failed.PipelineExecutionStatus);
        Assert.Contains("is full", failed.FailureReason, StringComparison.Ordinal);
        await Session.Aws.Send(new RetryPipelineExecution(execution, Guid.NewGuid().ToString()));
        var retried = await Ended(execution);
        Assert.True(retried.PipelineExecutionStatus == PipelineExecutionStatus.Succeeded, retried.FailureReason);
        await CheckContent(records, disk);
        Unix.Signal(int.Parse(await File.ReadAllTextAsync(Path.Combine(disk, "up.pid"), TestContext.Current.CancellationToken), System.Globalization.CultureInfo.InvariantCulture), 2);
        Assert.Equal(0, await up.Exited());
    }

    /// <summary>The disk as it is seen from here: through a process that has it.</summary>
    private string Disk(LaunchedUp up) => up.Descendants().Select(p => $"/proc/{p.Id}/root{Data}").First(path => File.Exists(Path.Combine(path, "up.pid")));

    /// <summary>Puts what must stay, and starts an execution whose job waits.</summary>
    private async Task<string> Begin()
    {
        var trust = """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"sagemaker.amazonaws.com"},"Action":"sts:AssumeRole"}]}""";
        var role = (await Session.Aws.Send(new CreateRole("execution", trust))).Role.Arn;
        await Session.S3.PutBucketAsync(Name);
        await Session.S3.PutObjectAsync(new() { BucketName = Name, Key = "object", ContentBody = "content" });
        await Session.Aws.Send(new CreateFeatureGroup(
            Name, "id", "time", [new("id", FeatureType.String), new("time", FeatureType.String)], OnlineStoreConfig: new(EnableOnlineStore: true)));
        var definition = $$$"""
            {"Version":"2020-12-01","Steps":[{"Name":"Write","Type":"Processing","Arguments":{"RoleArn":"{{{role}}}",
              "ProcessingResources":{"ClusterConfig":{"InstanceCount":1,"InstanceType":"ml.m5.large","VolumeSizeInGB":1}},
              "ProcessingOutputConfig":{"Outputs":[{"OutputName":"o","S3Output":{"S3Uri":"s3://{{{Name}}}/output","LocalPath":"/opt/ml/processing/o","S3UploadMode":"EndOfJob"}}]},
              "AppSpecification":{"ImageUri":"{{{LocalAwsFixture.CommandImage}}}",
                "ContainerEntrypoint":["sh","-c","head -c 300000 /dev/zero > /opt/ml/processing/o/zeros; until [ -e {{{_gate.File}}} ]; do sleep 0.1; done"]} } }]}
            """;
        await Session.Aws.Send(new CreatePipeline(Name, Guid.NewGuid().ToString(), role, PipelineDefinition: definition));
        var arn = (await Session.Aws.Send(new StartPipelineExecution(Name, Guid.NewGuid().ToString()))).PipelineExecutionArn;
        await Until(
            async () => (await Session.Aws.Send(new ListProcessingJobs())).ProcessingJobSummaries is [{ } job]
                && (await Session.Aws.Send(new DescribeProcessingJob(job.ProcessingJobName))).ProcessingStartTime is not null,
            runs => runs);
        return arn;
    }

    private static void Fill(string file)
    {
        var block = new byte[4096];
        try
        {
            using var filler = new FileStream(file, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
            while (true)
            {
                filler.Write(block);
            }
        }
        catch (IOException)
        {
            // that was the last block
        }
    }

    /// <summary>What needs room is refused with a clear error.</summary>
    /// <returns>How many records were acknowledged before.</returns>
    private async Task<int> CheckRefusals()
    {
        var put = await Assert.ThrowsAsync<AmazonS3Exception>(() => Session.S3.PutObjectAsync(new() { BucketName = Name, Key = "refused", ContentBody = new string('x', 100_000) }));
        Assert.Equal("InsufficientStorage", put.ErrorCode);
        Assert.Contains($"The disk of the data directory {Data} is full", put.Message, StringComparison.Ordinal);
        for (var i = 0; i < 3000; i++)
        {
            try
            {
                await Session.Aws.Send(new PutRecord(Name, [new("id", $"r{i}"), new("time", "2026-01-01T00:00:00Z")]));
            }
            catch (AwsException e)
            {
                Assert.Equal("InsufficientStorage", e.Code);
                return i;
            }
        }

        throw new InvalidOperationException("3,000 records found room on a full disk");
    }

    private async Task CheckContent(int records, string disk)
    {
        for (var i = 0; i <= records; i++)
        {
            // the one that was refused is not there
            Assert.Equal(i < records, (await Session.Aws.Send(new GetRecord(Name, $"r{i}"))).Record is not null);
        }

        var objects = (await Session.S3.ListObjectsV2Async(new() { BucketName = Name })).S3Objects;
        Assert.Equal([("object", 7L), ("output/zeros", 300_000L)], objects.Select(o => (o.Key, o.Size!.Value)));
        Assert.Equal("content", await Content("object"));
        // a small object has no file of its own
        Assert.Single(Directory.EnumerateFiles(Path.Combine(disk, "objects"), "*", SearchOption.AllDirectories));
        await Session.Aws.Send(new PutRecord(Name, [new("id", "after"), new("time", "2026-01-01T00:00:00Z")]));
    }

    private async Task<string> Content(string key)
    {
        using var found = await Session.S3.GetObjectAsync(Name, key);
        using var reader = new StreamReader(found.ResponseStream);
        return await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
    }

    private Task<DescribePipelineExecution.Response> Ended(string arn) =>
        Until(() => Session.Aws.Send(new DescribePipelineExecution(arn)), e => e.PipelineExecutionStatus != PipelineExecutionStatus.Executing);

    private Task<T> Until<T>(Func<Task<T>> read, Func<T, bool> isRight) => Patience.Until(read, isRight, () => File.ReadAllText(Errors));
}
