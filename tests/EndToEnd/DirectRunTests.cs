using Slipway.Aws.SageMaker;
using Slipway.Workflow;
using Slipway.Workflow.DataSets;
using Slipway.Workflow.Pipelines;
using Slipway.Workflow.Release;

namespace Slipway.Tests.EndToEnd;

/// <summary>Training without a SageMaker Pipeline (<c>"use_sm_pipeline": false</c>): the same definition, by the jobs themselves.</summary>
[Collection(nameof(DeployedModel))]
public sealed class DirectRunTests(DeployedModel model)
{
    private const string Build = "arn:aws:codebuild:us-east-1:000000000000:build/train:1";
    private string _specification = DataSetSpecification.AdClickYaml;

    private Dictionary<string, string> Variables { get; } = new()
    {
        ["DATA_BUCKET"] = model.Path.Names.RequireBucket(), ["SM_EXEC_ROLE_ARN"] = model.Path.Names.RequireRole(),
        ["MODEL_PACKAGE_GROUP_NAME"] = "direct-models", ["SM_PIPELINE_NAME"] = "direct",
    };

    private ProjectNames Names => ProjectNames.From(DataSetSpecification.AdClick, Variables.GetValueOrDefault);

    [Fact]
    public async Task The_same_jobs_gate_and_registration_give_the_same_model_once()
    {
        var first = await Run();
        Assert.True(first.Status == "Succeeded", first.Reason);
        Assert.Equal(["Extract", "Validate", "Preprocess", "Train", "Evaluate", "Gate", "IsNew", "Register"], first.Steps.Select(s => s.Name));
        var version = await model.Path.Session.Aws.Send(new DescribeModelPackage(first.ModelPackageArn!), TestContext.Current.CancellationToken);
        Assert.Equal((1, ModelApprovalStatus.PendingManualApproval, WholePath.Commit), (version.ModelPackageVersion!.Value, version.ModelApprovalStatus!.Value, version.MetadataProperties!.CommitId));
        var (theirs, ours) = (model.Registered.CustomerMetadataProperties!, version.CustomerMetadataProperties!);
        Assert.All(["Auc", "AucLow", "DataSha256", "Rows", "Split", "Leakage"], name => Assert.Equal(theirs[name], ours[name]));
        Assert.StartsWith(Build, ours["PipelineExecutionArn"], StringComparison.Ordinal);
        Assert.Equal(model.Registered.ModelPackageDescription, version.ModelPackageDescription);

        _specification = $"# another comment\n{_specification}\n";
        var again = await Run();
        Assert.Equal((first.ModelPackageArn, false), (again.ModelPackageArn, again.IsNew));
        Assert.All(["Preprocess", "Train"], name => Assert.NotNull(again.Steps.Single(s => s.Name == name).CachedFrom));
        Assert.Single(await new ModelVersions(model.Path.Session, "direct-models").List(cancellation: TestContext.Current.CancellationToken));

        var anew = await Run(cache: false);
        Assert.True(anew.IsNew);
        Assert.All(anew.Steps, s => Assert.Null(s.CachedFrom));
        Assert.Equal(2, (await model.Path.Session.Aws.Send(new DescribeModelPackage(anew.ModelPackageArn!), TestContext.Current.CancellationToken)).ModelPackageVersion);
    }

    [Fact]
    public async Task A_model_below_the_threshold_is_refused_in_the_same_words()
    {
        var ended = await Run(parameters: ("AucThreshold", "0.99"));
        Assert.Equal((true, null, "Failed"), (ended.IsRefused, ended.ModelPackageArn, ended.Status));
        Assert.Contains("The gate refused the model: AUC 0.", ended.Reason, StringComparison.Ordinal);
        Assert.Contains("The threshold is 0.99", ended.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("AucThreshold", "high", "must be of type Float")]
    [InlineData("NumLeaves", "3.5", "must be of type Integer")]
    [InlineData("Split", "odd", "must be one of specification, auto, random, time")]
    public async Task A_parameter_that_a_pipeline_would_refuse_is_refused(string name, string value, string why)
    {
        var error = await Assert.ThrowsAsync<BadInputException>(() => Run(parameters: (name, value)));
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_job_that_fails_ends_the_run_with_its_reason()
    {
        var ended = await Run(parameters: ("AsOf", "1990-01-01T00:00:00Z"));
        Assert.Equal(("Failed", "Extract"), (ended.Status, Assert.Single(ended.Steps).Name));
        Assert.Contains("There are no rows as of 1990-01-01", ended.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_external_CSV_is_read_instead_of_the_feature_group_and_trained_on_once()
    {
        var bucket = model.Path.Names.RequireBucket();
        var loaded = (await model.Path.Session.S3.ListObjectsV2Async(new() { BucketName = bucket, Prefix = "datasets/" }, TestContext.Current.CancellationToken))
            .S3Objects.Single(o => o.Key.EndsWith(".csv", StringComparison.Ordinal));
        var csv = $"s3://{bucket}/{loaded.Key}";
        var first = await External(csv);
        Assert.True(first.Status == "Succeeded", first.Reason);
        var run = new PipelineRun(model.Path.Session, NamesOf(csv), TimeProvider.System);
        var lineage = (await run.ReadOutput(first.Arn, "extract/lineage/lineage.json", TestContext.Current.CancellationToken))!;
        Assert.Equal(("csv", bucket, loaded.Key), ((string?)lineage["source"], (string?)lineage["objects"]![0]!["bucket"], (string?)lineage["objects"]![0]!["key"]));
        Assert.Equal(model.Registered.CustomerMetadataProperties!["Rows"], lineage["data"]!["rows"]!.ToString());

        var again = await External(csv);
        Assert.Equal((first.ModelPackageArn, false), (again.ModelPackageArn, again.IsNew));
        Assert.NotNull(again.Steps.Single(s => s.Name == "Train").CachedFrom);

        var absent = await External($"s3://{bucket}/datasets/absent.csv");
        Assert.Contains($"s3://{bucket}/datasets/absent.csv, which EXTERNAL_CSV_URI names, can't be read: The specified key does not exist", absent.Reason, StringComparison.Ordinal);
        Assert.Contains("'datasets/a.csv' is not a place in S3", (await External("datasets/a.csv")).Reason, StringComparison.Ordinal);
        Assert.Contains("EXTERNAL_CSV_URI must name an object that ends in .csv", (await External($"s3://{bucket}/datasets/")).Reason, StringComparison.Ordinal);
    }

    private Task<EndedExecution> External(string uri) => Run(NamesOf(uri));

    private ProjectNames NamesOf(string externalCsv) => ProjectNames.From(DataSetSpecification.AdClick, new Dictionary<string, string>(Variables)
    {
        ["EXTERNAL_CSV_URI"] = externalCsv, ["MODEL_PACKAGE_GROUP_NAME"] = "external-models", ["SM_PIPELINE_NAME"] = "external",
    }.GetValueOrDefault);

    private Task<EndedExecution> Run(bool cache = true, params (string Name, string Value)[] parameters) => Run(Names, cache, parameters);

    private async Task<EndedExecution> Run(ProjectNames names, bool cache = true, params (string Name, string Value)[] parameters)
    {
        var settings = await new PipelineRun(model.Path.Session, names, TimeProvider.System).Prepare(_specification, TestContext.Current.CancellationToken) with { Cache = cache };
        var values = parameters.Append(("CommitId", WholePath.Commit)).ToDictionary(p => p.Item1, p => p.Item2, StringComparer.Ordinal);
        return await new DirectRun(model.Path.Session, names, TimeProvider.System).Run(PipelineDefinition.Build(settings), values, Build, _ => { }, TestContext.Current.CancellationToken);
    }
}
