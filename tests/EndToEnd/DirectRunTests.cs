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
    private ProjectNames Names { get; } = ProjectNames.From(DataSetSpecification.AdClick, new Dictionary<string, string>
    {
        ["DATA_BUCKET"] = model.Path.Names.RequireBucket(), ["SM_EXEC_ROLE_ARN"] = model.Path.Names.RequireRole(),
        ["MODEL_PACKAGE_GROUP_NAME"] = "direct-models", ["SM_PIPELINE_NAME"] = "direct",
    }.GetValueOrDefault);

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

    private async Task<EndedExecution> Run(bool cache = true, params (string Name, string Value)[] parameters)
    {
        var settings = await new PipelineRun(model.Path.Session, Names, TimeProvider.System).Prepare(DataSetSpecification.AdClickYaml, TestContext.Current.CancellationToken) with { Cache = cache };
        var values = parameters.Append(("CommitId", WholePath.Commit)).ToDictionary(p => p.Item1, p => p.Item2, StringComparer.Ordinal);
        return await new DirectRun(model.Path.Session, Names, TimeProvider.System).Run(PipelineDefinition.Build(settings), values, Build, _ => { }, TestContext.Current.CancellationToken);
    }
}
