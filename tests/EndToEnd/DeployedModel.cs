using Slipway.Aws.SageMaker;
using Slipway.Tests.Clients;
using Slipway.Workflow.DataSets;
using Slipway.Workflow.Ingest;
using Slipway.Workflow.Pipelines;
using Slipway.Workflow.Release;

namespace Slipway.Tests.EndToEnd;

/// <summary>A local AWS on which a sample of the ad-click data has become an endpoint, one time for all classes that look at it.</summary>
[CollectionDefinition(nameof(DeployedModel))]
public sealed class DeployedModel : IAsyncLifetime, ICollectionFixture<DeployedModel>
{
    /// <summary>The rows of the sample.</summary>
    public const int Rows = 3000;

    private readonly WholePath _path = new();

    /// <summary>A folder of its own, for what commands write.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("slipway-manual-").FullName;

    internal WholePath Path => _path;

    internal LocalAwsFixture Local => _path.Local;

    internal IngestResult Loaded { get; private set; } = null!;

    internal EndedExecution Execution { get; private set; } = null!;

    internal System.Text.Json.Nodes.JsonNode Evaluation { get; private set; } = null!;

    /// <summary>The version as it was registered, before its approval.</summary>
    internal DescribeModelPackage.Response Registered { get; private set; } = null!;

    internal DeploymentResult Deployed { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        var csv = System.IO.Path.Combine(Folder, "ad_click_dataset.csv");
        await using (var file = File.Create(csv))
        {
            SampleData.Write(file, Rows, seed: 42);
        }

        Loaded = await _path.Load(csv);
        (Execution, Evaluation) = await _path.RunPipeline();
        Assert.True(Execution.ModelPackageArn is not null, $"{Execution.Status}: {Execution.Reason}");
        Registered = await _path.Session.Aws.Send(new DescribeModelPackage(Execution.ModelPackageArn));
        var versions = new ModelVersions(_path.Session, _path.Names.ModelPackageGroup);
        await versions.Decide(Execution.ModelPackageArn, ModelApprovalStatus.Approved, "Looked at", CancellationToken.None);
        var approved = await versions.Find(null, ModelApprovalStatus.Approved, CancellationToken.None);
        Deployed = await new Deployment(_path.Session, _path.Names, TimeProvider.System).Deploy(approved, _ => { }, CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await _path.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }
}
