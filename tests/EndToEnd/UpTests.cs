using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using Amazon.Runtime;
using Amazon.S3.Model;
using Slipway.Aws.Client;
using Slipway.Aws.FeatureStoreRuntime;
using Slipway.Aws.Iam;
using Slipway.Aws.SageMaker;
using Slipway.Aws.SageMakerRuntime;
using Slipway.LocalAws.SageMaker.Endpoints;
using Slipway.Tests.Clients;

namespace Slipway.Tests.EndToEnd;

/// <summary>A <c>slipway up</c> that is killed in the middle of its work goes on where it was.</summary>
public sealed class UpTests : IDisposable
{
    private const string Account = "000000000000.dkr.ecr.us-east-1.amazonaws.com";
    private readonly string _data = Directory.CreateTempSubdirectory("slipway-up-").FullName;

    private readonly JobGate _gate = new();

    private AwsSession? _session;

    private AwsSession Session => _session ?? throw new InvalidOperationException("not started");

    public void Dispose()
    {
        _session?.Dispose();
        _gate.Dispose();
        Directory.Delete(_data, recursive: true);
    }

    [Fact]
    public async Task Killed_while_a_job_runs_and_an_endpoint_serves_it_ends_the_execution_once_and_serves_again()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the processes are looked up in /proc");
        Assert.SkipUnless(Command.Find("bwrap") is not null, "bubblewrap is not on this machine");
        Assert.SkipUnless(Command.Find("node") is not null, "node is not on this machine");
        // nobody else takes it while local AWS is away
        using var port = PortLease.Take();
        string execution, prepared;
        IReadOnlyList<(int, string)> orphans;
        using (var first = await LaunchedUp.Start(_data, port.Port))
        {
            Connect(first.Endpoint);
            var role = await Fill();
            Assert.Equal("kept:x", await Serve(role));
            (execution, prepared) = await StartExecution(role);
            orphans = first.Descendants();
            Assert.True(orphans.Count >= 2, "the job and the model server are processes");
            await first.Kill();
        }

        await LaunchedUp.Gone(orphans);
        using var second = await LaunchedUp.Start(_data, port.Port);
        Connect(second.Endpoint);
        await CheckContent();
        Assert.Equal("kept:y", await Ask("y"));
        Assert.Equal(PipelineExecutionStatus.Executing, (await Session.Aws.Send(new DescribePipelineExecution(execution))).PipelineExecutionStatus);
        await _gate.Open();
        await CheckExecution(execution, prepared);
        orphans = second.Descendants();
        Assert.Equal(0, await second.Interrupt());
        await LaunchedUp.Gone(orphans);
    }

    private void Connect(Uri endpoint)
    {
        _session?.Dispose();
        _session = new(endpoint, new BasicAWSCredentials("test", "test"), "us-east-1");
    }

    /// <summary>Puts what must still be there afterwards.</summary>
    private async Task<string> Fill()
    {
        var trust = """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"sagemaker.amazonaws.com"},"Action":"sts:AssumeRole"}]}""";
        var role = (await Session.Aws.Send(new CreateRole("execution", trust))).Role.Arn;
        await Session.S3.PutBucketAsync("kept");
        await Session.Aws.Send(new CreateFeatureGroup("kept", "id", "time", [new("id", FeatureType.String), new("time", FeatureType.String)],
            OnlineStoreConfig: new(EnableOnlineStore: true), OfflineStoreConfig: new(new("s3://kept/offline")), RoleArn: role));
        await Patience.Until(async () => (await Session.Aws.Send(new DescribeFeatureGroup("kept"))).FeatureGroupStatus == FeatureGroupStatus.Created);
        for (var i = 0; i < 20; i++)
        {
            await Session.S3.PutObjectAsync(new PutObjectRequest { BucketName = "kept", Key = $"objects/{i}", ContentBody = $"object {i}" });
            await Session.Aws.Send(new PutRecord("kept", [new("id", $"r{i}"), new("time", "2026-01-01T00:00:00Z")]));
        }

        return role;
    }

    private async Task CheckContent()
    {
        for (var i = 0; i < 20; i++)
        {
            using var found = await Session.S3.GetObjectAsync("kept", $"objects/{i}");
            using var reader = new StreamReader(found.ResponseStream);
            Assert.Equal($"object {i}", await reader.ReadToEndAsync());
            var record = await Session.Aws.Send(new GetRecord("kept", $"r{i}"));
            Assert.Equal(["id", "time"], record.Record!.Select(f => f.FeatureName));
            Assert.Equal($"r{i}", record.Record![0].ValueAsString);
        }
    }

    /// <summary>Brings an endpoint in service and gives its answer to x.</summary>
    private async Task<string> Serve(string role)
    {
        using var archive = new MemoryStream();
        await using (var zip = new GZipStream(archive, CompressionLevel.Fastest, leaveOpen: true))
        await using (var tar = new TarWriter(zip))
        {
            var server = Path.Combine(Repository.Root, "tests", "LocalAws", "SageMaker", "Endpoints", "serve.mjs");
            await tar.WriteEntryAsync(server, "serve.mjs");
            await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, "model.json") { DataStream = new MemoryStream("""{"version":"kept"}"""u8.ToArray()) });
        }

        archive.Position = 0;
        await Session.S3.PutObjectAsync(new PutObjectRequest { BucketName = "kept", Key = "model.tar.gz", InputStream = archive });
        await Session.Aws.Send(new CreateModel("kept", role, new(Image: Account + "/archive-server:1", ModelDataUrl: "s3://kept/model.tar.gz")));
        await Session.Aws.Send(new CreateEndpointConfig("kept", [new("AllTraffic", "kept", 1, "ml.m5.large", 1)]));
        await Session.Aws.Send(new CreateEndpoint("kept", "kept"));
        await Patience.Until(async () => (await Session.Aws.Send(new DescribeEndpoint("kept"))).EndpointStatus == EndpointStatus.InService);
        return await Ask("x");
    }

    private async Task<string> Ask(string body) => Encoding.UTF8.GetString((await Session.Aws.Send(new InvokeEndpoint("kept", Encoding.UTF8.GetBytes(body)))).Body);

    /// <summary>Starts an execution and returns when its second job runs, with that one's ARN and its first job's.</summary>
    private async Task<(string Arn, string Prepared)> StartExecution(string role)
    {
        var definition = $$$"""
            {"Version":"2020-12-01","Steps":[
              {{{Job("Prepare", "true", role)}}},
              {"DependsOn":["Prepare"],{{{Job("Train", $"until [ -e {_gate.File} ]; do sleep 0.1; done", role)[1..]}}},
              {"Name":"Register","Type":"RegisterModel","DependsOn":["Train"],"Arguments":{"ModelPackageGroupName":"kept",
                "InferenceSpecification":{"Containers":[{"Image":"{{{Account}}}/archive-server:1","ModelDataUrl":"s3://kept/model.tar.gz"}],
                "SupportedContentTypes":["text/csv"],"SupportedResponseMIMETypes":["text/csv"]} } }]}
            """;
        await Session.Aws.Send(new CreatePipeline("kept", Guid.NewGuid().ToString(), role, PipelineDefinition: definition));
        var arn = (await Session.Aws.Send(new StartPipelineExecution("kept", Guid.NewGuid().ToString()))).PipelineExecutionArn;
        // the job's process is there once its start is on record
        await Patience.Until(async () => (await Steps(arn)).TryGetValue("Train", out var step) && step.Metadata?.ProcessingJob?.Arn is { } job
            && (await Session.Aws.Send(new DescribeProcessingJob(job[(job.LastIndexOf('/') + 1)..]))).ProcessingStartTime is not null);
        return (arn, (await Steps(arn))["Prepare"].Metadata!.ProcessingJob!.Arn!);
    }

    private static string Job(string name, string script, string role) => $$$"""
        {"Name":"{{{name}}}","Type":"Processing","Arguments":{"RoleArn":"{{{role}}}",
          "ProcessingResources":{"ClusterConfig":{"InstanceCount":1,"InstanceType":"ml.m5.large","VolumeSizeInGB":1}},
          "AppSpecification":{"ImageUri":"{{{LocalAwsFixture.CommandImage}}}","ContainerEntrypoint":["sh","-c","{{{script}}}"]} } }
        """;

    private async Task CheckExecution(string arn, string prepared)
    {
        await Patience.Until(async () => (await Session.Aws.Send(new DescribePipelineExecution(arn))).PipelineExecutionStatus != PipelineExecutionStatus.Executing);
        var ended = await Session.Aws.Send(new DescribePipelineExecution(arn));
        Assert.True(ended.PipelineExecutionStatus == PipelineExecutionStatus.Succeeded, ended.FailureReason);
        var steps = await Steps(arn);
        Assert.Equal(["Prepare", "Register", "Train"], steps.Keys.Order());
        Assert.Equal(prepared, steps["Prepare"].Metadata!.ProcessingJob!.Arn);
        Assert.Equal(2, (await Session.Aws.Send(new ListProcessingJobs())).ProcessingJobSummaries.Count);
        var version = Assert.Single((await Session.Aws.Send(new ListModelPackages(ModelPackageGroupName: "kept"))).ModelPackageSummaryList);
        Assert.Equal(version.ModelPackageArn, steps["Register"].Metadata!.RegisterModel!.Arn);
    }

    private async Task<Dictionary<string, PipelineExecutionStep>> Steps(string arn) =>
        (await Session.Aws.Send(new ListPipelineExecutionSteps(arn))).PipelineExecutionSteps.ToDictionary(s => s.StepName);
}
