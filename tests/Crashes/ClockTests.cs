using Amazon.Runtime;
using Slipway.Aws.Client;
using Slipway.Aws.FeatureStoreRuntime;
using Slipway.Aws.Iam;
using Slipway.Aws.SageMaker;
using Slipway.LocalAws;
using Slipway.Tests.Clients;

namespace Slipway.Tests.Crashes;

/// <summary>A clock that jumps, forth and back, while jobs run and clients put: nothing fails and nothing is lost.</summary>
public sealed class ClockTests : IDisposable
{
    private const string Name = "kept";
    private readonly string _data = Directory.CreateTempSubdirectory("slipway-clock-").FullName;
    private readonly JumpingClock _clock = new();

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task Jobs_end_and_the_newest_put_counts_whatever_the_clock_does()
    {
        Assert.SkipUnless(Command.Find("bwrap") is not null, "bubblewrap is not on this machine");
        string role;
        int[] jumps = [400, -800, 200];
        await using (var server = await Start())
        {
            using var session = Session(server);
            role = await Begin(session);
            foreach (var (i, days) in jumps.Index())
            {
                await RunOver(session, i, () => _clock.Offset += TimeSpan.FromDays(days));
                await CheckContent(session, i, role);
            }
        }

        _clock.Offset -= TimeSpan.FromDays(1000);
        await using var again = await Start();
        using var later = Session(again);
        await CheckContent(later, jumps.Length - 1, role);
        await RunOver(later, jumps.Length, () => _clock.Offset += TimeSpan.FromDays(2000));
        await CheckContent(later, jumps.Length, role);
    }

    [Fact]
    public async Task What_is_made_after_a_clock_was_set_back_is_still_the_newer_one()
    {
        await using var server = await Start();
        using var session = Session(server);
        var role = await Begin(session);
        await session.Aws.Send(new CreateModel("served", ExecutionRoleArn: role, PrimaryContainer: new(Image: LocalAwsFixture.CommandImage)));
        foreach (var name in new[] { "v1", "v2", "v3" })
        {
            await session.Aws.Send(new CreateEndpointConfig(name, [new("all", ModelName: "served", InitialInstanceCount: 1, InstanceType: "ml.m5.large", InitialVariantWeight: 1)]));
            _clock.Offset -= TimeSpan.FromHours(1);
        }

        var newestFirst = (await session.Aws.Send(new ListEndpointConfigs())).EndpointConfigs;
        Assert.Equal(["v3", "v2", "v1"], newestFirst.Select(c => c.EndpointConfigName));
        Assert.Equal(3, newestFirst.DistinctBy(c => c.CreationTime).Count());
    }

    private Task<LocalAwsServer> Start() => LocalAwsServer.Start(
        new() { DataDirectory = _data, Time = _clock, ImageMap = Path.Combine(Repository.Root, "tests", "Clients", "images.yaml") }, TestContext.Current.CancellationToken);

    private static AwsSession Session(LocalAwsServer server) => new(server.Endpoint, new BasicAWSCredentials("test", "test"), "us-east-1");

    private static async Task<string> Begin(AwsSession session)
    {
        var trust = """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"sagemaker.amazonaws.com"},"Action":"sts:AssumeRole"}]}""";
        var role = (await session.Aws.Send(new CreateRole("execution", trust))).Role.Arn;
        await session.S3.PutBucketAsync(Name);
        await session.S3.PutBucketVersioningAsync(new() { BucketName = Name, VersioningConfig = new() { Status = Amazon.S3.VersionStatus.Enabled } });
        await session.Aws.Send(new CreateFeatureGroup(
            Name, "id", "time", [new("id", FeatureType.String), new("time", FeatureType.String), new("value", FeatureType.String)],
            OnlineStoreConfig: new(EnableOnlineStore: true), OfflineStoreConfig: new(new($"s3://{Name}/offline")), RoleArn: role));
        var definition = $$$"""
            {"Version":"2020-12-01","Steps":[{"Name":"Wait","Type":"Processing","Arguments":{"RoleArn":"{{{role}}}",
              "ProcessingResources":{"ClusterConfig":{"InstanceCount":1,"InstanceType":"ml.m5.large","VolumeSizeInGB":1}},
              "AppSpecification":{"ImageUri":"{{{LocalAwsFixture.CommandImage}}}","ContainerEntrypoint":["sleep","0.5"]} } }]}
            """;
        await session.Aws.Send(new CreatePipeline(Name, "once-and-for-all-once-and-for-all-12", role, PipelineDefinition: definition));
        return role;
    }

    /// <summary>Starts an execution, lets the clock jump while its job runs, puts, and waits for its end.</summary>
    private static async Task RunOver(AwsSession session, int number, Action jump)
    {
        var arn = (await session.Aws.Send(new StartPipelineExecution(Name, Guid.NewGuid().ToString()))).PipelineExecutionArn;
        await Patience.Until(async () => (await session.Aws.Send(new ListPipelineExecutionSteps(arn))).PipelineExecutionSteps is [{ Metadata.ProcessingJob: not null }]);
        jump();
        await session.Aws.Send(new PutRecord(Name, [new("id", "one"), new("time", "2026-01-01T00:00:00Z"), new("value", $"{number}")]));
        await session.Aws.Send(new PutRecord(Name, [new("id", $"r{number}"), new("time", "2026-01-01T00:00:00Z"), new("value", $"{number}")]));
        await session.S3.PutObjectAsync(new() { BucketName = Name, Key = "one", ContentBody = $"{number}" });
        await Patience.Until(async () => (await session.Aws.Send(new DescribePipelineExecution(arn))).PipelineExecutionStatus != PipelineExecutionStatus.Executing);
        var ended = await session.Aws.Send(new DescribePipelineExecution(arn));
        Assert.True(ended.PipelineExecutionStatus == PipelineExecutionStatus.Succeeded, ended.FailureReason);
    }

    private static async Task CheckContent(AwsSession session, int last, string role)
    {
        Assert.Equal(role, (await session.Aws.Send(new GetRole("execution"))).Role.Arn);
        Assert.Equal($"{last}", (await session.Aws.Send(new GetRecord(Name, "one"))).Record![2].ValueAsString);
        using var found = await session.S3.GetObjectAsync(Name, "one");
        using var reader = new StreamReader(found.ResponseStream);
        Assert.Equal($"{last}", await reader.ReadToEndAsync(TestContext.Current.CancellationToken));
        var versions = (await session.S3.ListVersionsAsync(Name, "one")).Versions;
        Assert.Equal(last + 1, versions.Count);
        Assert.Equal([true, .. Enumerable.Repeat(false, last)], versions.Select(v => v.IsLatest!.Value));
        for (var i = 0; i <= last; i++)
        {
            Assert.Equal($"{i}", (await session.Aws.Send(new GetRecord(Name, $"r{i}"))).Record![2].ValueAsString);
        }

        Assert.Equal("Active", (await session.Aws.Send(new DescribeFeatureGroup(Name))).OfflineStoreStatus!.Status);
        Assert.Equal(last + 1, (await session.Aws.Send(new ListPipelineExecutions(Name))).PipelineExecutionSummaries.Count);
        Assert.All((await session.Aws.Send(new ListProcessingJobs())).ProcessingJobSummaries, j => Assert.Equal(JobStatus.Completed, j.ProcessingJobStatus));
    }

    /// <summary>The system's clock, put forth or back; what waits for a time is not led by it, as with a real one.</summary>
    private sealed class JumpingClock : TimeProvider
    {
        public TimeSpan Offset { get; set; }

        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Offset;
    }
}
