using System.Globalization;
using Slipway.Aws.SageMaker;

namespace Slipway.Tests.EndToEnd;

/// <summary>What the whole path leaves in the model registry.</summary>
[Collection(nameof(DeployedModel))]
public sealed class RegistrationTests(DeployedModel model)
{
    [Fact]
    public async Task One_version_is_registered_and_it_waits_for_a_person()
    {
        Assert.Equal(DeployedModel.Rows, model.Loaded.RowsNew);
        Assert.Equal(ModelApprovalStatus.PendingManualApproval, model.Registered.ModelApprovalStatus);
        Assert.Equal(1, model.Registered.ModelPackageVersion);
        var version = Assert.Single(await model.Path.Versions());
        Assert.Equal(model.Execution.ModelPackageArn, version.ModelPackageArn);
        Assert.Equal(ModelApprovalStatus.Approved, version.ModelApprovalStatus);
        Assert.Equal((1, true), (model.Deployed.Version, model.Deployed.Created));
    }

    [Fact]
    public async Task The_version_holds_enough_to_rebuild_it()
    {
        var metadata = model.Registered.CustomerMetadataProperties!;
        var lineage = (await new Slipway.Workflow.Pipelines.PipelineRun(model.Path.Session, model.Path.Names, TimeProvider.System)
            .ReadOutput(model.Execution.Arn, "extract/lineage/lineage.json", CancellationToken.None))!;
        Assert.Equal((string?)lineage["data"]!["sha256"], metadata["DataSha256"]);
        Assert.Matches("^[0-9a-f]{64}$", metadata["DataSha256"]);
        Assert.Equal(DeployedModel.Rows, int.Parse(metadata["Rows"], CultureInfo.InvariantCulture));
        Assert.Equal((double)model.Evaluation["binary_classification_metrics"]!["auc"]!["value"]!, double.Parse(metadata["Auc"], CultureInfo.InvariantCulture));
        Assert.InRange(double.Parse(metadata["Auc"], CultureInfo.InvariantCulture), 0.65, 0.90);
        Assert.Equal("none", metadata["Leakage"]);
        Assert.Equal(model.Execution.Arn, metadata["PipelineExecutionArn"]);
        Assert.Equal(WholePath.Commit, model.Registered.MetadataProperties!.CommitId);
    }

    [Fact]
    public async Task The_reports_that_the_version_names_are_there()
    {
        var metrics = model.Registered.ModelMetrics!;
        foreach (var source in new[] { metrics.ModelQuality!.Statistics!, metrics.ModelDataQuality!.Statistics!, metrics.ModelDataQuality.Constraints! })
        {
            var place = new Uri(source.S3Uri);
            using var found = await model.Path.Session.S3.GetObjectAsync(place.Host, place.AbsolutePath.TrimStart('/'));
            Assert.IsType<System.Text.Json.Nodes.JsonObject>(await System.Text.Json.Nodes.JsonNode.ParseAsync(found.ResponseStream));
        }
    }

    [Fact]
    public async Task The_same_data_again_takes_the_training_over_and_registers_no_second_version()
    {
        var (ended, evaluation) = await model.Path.RunPipeline();
        Assert.True(ended.Status == "Succeeded", ended.Reason);
        Assert.Equal((model.Execution.ModelPackageArn, false), (ended.ModelPackageArn, ended.IsNew));
        Assert.Equal(model.Execution.ModelPackageArn, (string?)evaluation["registered_as"]);
        Assert.Equal([("Preprocess", model.Execution.Arn), ("Train", model.Execution.Arn)], ended.Steps.Where(s => s.CachedFrom is not null).Select(s => (s.Name, s.CachedFrom!)).Order());
        Assert.DoesNotContain(ended.Steps, s => s.Name == "Register");
        Assert.Single(await model.Path.Versions());
    }

    [Fact]
    public async Task A_model_below_the_threshold_is_refused_with_the_numbers_and_not_registered()
    {
        var (ended, evaluation) = await model.Path.RunPipeline(("AucThreshold", "0.99"));
        Assert.True(ended.IsRefused);
        Assert.Equal(("Failed", null), (ended.Status, ended.ModelPackageArn));
        Assert.Contains("The gate refused the model", ended.Reason, StringComparison.Ordinal);
        Assert.Contains("0.99", ended.Reason, StringComparison.Ordinal);
        Assert.Contains((string)evaluation["gate"]!["words"]!, ended.Reason, StringComparison.Ordinal);
        // the version of before is the champion now, and the same data gives the same model
        Assert.Equal((double)evaluation["binary_classification_metrics"]!["auc"]!["value"]!, (double)evaluation["champion"]!["auc"]!, 9);
        Assert.Equal(model.Execution.ModelPackageArn, (string?)evaluation["champion"]!["model_package_arn"]);
        Assert.Single(await model.Path.Versions());
    }
}
