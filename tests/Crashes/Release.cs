using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using Amazon.Runtime;
using Slipway.Aws.Client;
using Slipway.Aws.SageMaker;
using Slipway.Aws.SageMakerRuntime;
using Slipway.Workflow;
using Slipway.Workflow.DataSets;
using Slipway.Workflow.Release;

namespace Slipway.Tests.Crashes;

/// <summary>Two approved versions of a model whose answers tell which of them answers, and an endpoint that one of them is deployed to.</summary>
internal sealed class Release : IDisposable
{
    private const string Image = "000000000000.dkr.ecr.us-east-1.amazonaws.com/archive-server:1";
    private readonly AwsSession _session;
    private ProjectNames _names = ProjectNames.From(DataSetSpecification.AdClick, _ => null);
    private int _answers;

    public Release(Uri endpoint) => _session = new(endpoint, new BasicAWSCredentials("test", "test"), "us-east-1");

    public async Task Register(CancellationToken cancellation)
    {
        var made = await Resources.Ensure(_session, DataSetSpecification.AdClick, _names, null, cancellation);
        _names = ProjectNames.From(DataSetSpecification.AdClick, made.ToDictionary(v => v.Name, v => v.Value).GetValueOrDefault);
        foreach (var version in new[] { 1, 2 })
        {
            var key = $"models/{version}/model.tar.gz";
            await _session.S3.PutObjectAsync(new() { BucketName = _names.RequireBucket(), Key = key, InputStream = await Archive(version) }, cancellation);
            var container = new ModelPackageContainerDefinition(Image: Image, ModelDataUrl: $"s3://{_names.RequireBucket()}/{key}");
            await _session.Aws.Send(new CreateModelPackage(
                ModelPackageGroupName: _names.ModelPackageGroup, ModelApprovalStatus: ModelApprovalStatus.Approved,
                InferenceSpecification: new(Containers: [container], SupportedContentTypes: ["text/csv"], SupportedResponseMIMETypes: ["text/csv"])), cancellation);
        }
    }

    /// <summary>Deploys a version as <c>slipway deploy</c> does, and again where local AWS went away meanwhile.</summary>
    public async Task Deploy(int version, CancellationToken cancellation)
    {
        var versions = new ModelVersions(_session, _names.ModelPackageGroup);
        var deployment = new Deployment(_session, _names, TimeProvider.System);
        var package = await Persistent.Run(() => versions.Find(version, null, cancellation), cancellation);
        var deployed = await Persistent.Run(() => deployment.Deploy(package, _ => { }, cancellation), cancellation);
        Assert.Equal(version, deployed.Version);
    }

    /// <summary>The version that answers now.</summary>
    public async Task<int> Served(CancellationToken cancellation) => await Persistent.Run(() => Invoke("now", cancellation), cancellation) switch
    {
        "1:now" => 1,
        "2:now" => 2,
        var other => throw new InvalidOperationException($"the answer was {other}"),
    };

    /// <summary>Asks all the time; fails with the first answer that is neither version's, and with an error that is not "away".</summary>
    public async Task Ask(string who, CancellationToken stop)
    {
        for (var i = 0; !stop.IsCancellationRequested; i++)
        {
            try
            {
                var answer = await Invoke($"{who}{i}", stop);
                Assert.True(answer == $"1:{who}{i}" || answer == $"2:{who}{i}", $"asked {who}{i}, and the answer was {answer}");
                Interlocked.Increment(ref _answers);
                await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, stop);
            }
            catch (Exception e) when (Persistent.IsAway(e) || stop.IsCancellationRequested)
            {
                // it was killed, or serves no more because the test is over
            }
        }
    }

    /// <summary>Returns once the traffic is answered again.</summary>
    public async Task Answered(IEnumerable<Task> traffic, CancellationToken cancellation)
    {
        // two are under way, so that the third was asked after this call
        for (var until = Volatile.Read(ref _answers) + 3; Volatile.Read(ref _answers) < until;)
        {
            foreach (var failed in traffic.Where(t => t.IsCompleted))
            {
                await failed;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, cancellation);
        }
    }

    public void Dispose() => _session.Dispose();

    private async Task<string> Invoke(string body, CancellationToken cancellation) =>
        Encoding.UTF8.GetString((await _session.Aws.Send(new InvokeEndpoint(_names.Endpoint, Encoding.UTF8.GetBytes(body)), cancellation)).Body);

    private static async Task<MemoryStream> Archive(int version)
    {
        var archive = new MemoryStream();
        await using (var zip = new GZipStream(archive, CompressionLevel.Fastest, leaveOpen: true))
        await using (var tar = new TarWriter(zip))
        {
            await tar.WriteEntryAsync(Path.Combine(Repository.Root, "tests", "LocalAws", "SageMaker", "Endpoints", "serve.mjs"), "serve.mjs");
            var model = new MemoryStream(Encoding.UTF8.GetBytes($$"""{"version":"{{version}}"}"""));
            await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, "model.json") { DataStream = model });
        }

        archive.Position = 0;
        return archive;
    }
}
