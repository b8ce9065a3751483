using System.Globalization;
using System.Text.Json.Nodes;
using Slipway.Tests.Clients;

namespace Slipway.Tests.EndToEnd;

/// <summary>The manual's commands, to the letter, on a model that went the whole path.</summary>
[Collection(nameof(DeployedModel))]
public sealed class ManualTests(DeployedModel model)
{
    private readonly AwsCli _cli = new(model.Local);

    private string Bucket => model.Path.Names.RequireBucket();

    [Fact]
    public async Task The_account_is_asked_for_and_the_bucket_is_named_after_it()
    {
        var account = await _cli.Output("sts get-caller-identity --query Account --output text");
        Assert.Equal("000000000000", account);
        Assert.Equal($"ad-click-data-{account}-us-east-1", Bucket);
    }

    [Fact]
    public async Task The_data_set_lies_where_the_manual_says_without_its_personal_data()
    {
        var listed = (await _cli.Output($"s3 ls s3://{Bucket}/datasets/ad_click_dataset.csv")).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var content = await _cli.Output($"s3 cp s3://{Bucket}/datasets/ad_click_dataset.csv -");
        Assert.Equal("ad_click_dataset.csv", listed[^1]);
        Assert.Equal(DeployedModel.Rows + 1, content.Split('\n').Length);
        Assert.True(long.Parse(listed[2], CultureInfo.InvariantCulture) >= content.Length);
        Assert.Equal("id,age,gender,device_type,ad_position,browsing_history,time_of_day,click", content.Split('\n')[0].Trim());
    }

    [Fact]
    public async Task The_endpoint_is_described_as_in_service_with_the_version_that_was_approved()
    {
        var endpoint = JsonNode.Parse(await _cli.Output("sagemaker describe-endpoint --endpoint-name ad-click-prediction-endpoint"))!;
        Assert.Equal("InService", (string?)endpoint["EndpointStatus"]);
        Assert.Equal(model.Deployed.EndpointArn, (string?)endpoint["EndpointArn"]);
        var variant = Assert.Single(endpoint["ProductionVariants"]!.AsArray())!;
        Assert.Equal(("AllTraffic", 1), ((string?)variant["VariantName"], (int)variant["CurrentInstanceCount"]!));
        var configuration = JsonNode.Parse(await _cli.Output($"sagemaker describe-endpoint-config --endpoint-config-name {endpoint["EndpointConfigName"]}"))!;
        var name = (string?)configuration["ProductionVariants"]![0]!["ModelName"];
        var served = JsonNode.Parse(await _cli.Output($"sagemaker describe-model --model-name {name}"))!;
        Assert.Equal(model.Execution.ModelPackageArn, (string?)served["PrimaryContainer"]!["ModelPackageName"]);
    }

    [Fact]
    public async Task The_manuals_request_gets_a_probability_and_the_same_one_from_raw_values()
    {
        var printed = await _cli.Output(
            """sagemaker-runtime invoke-endpoint --endpoint-name ad-click-prediction-endpoint --content-type text/csv --body "25,1,0,1,0,0,1,1" output.json && cat output.json""",
            model.Folder);
        var answer = JsonNode.Parse(printed[..(printed.IndexOf('}', StringComparison.Ordinal) + 1)])!;
        Assert.StartsWith("text/csv", (string?)answer["ContentType"], StringComparison.Ordinal);
        Assert.Equal("AllTraffic", (string?)answer["InvokedProductionVariant"]);
        var score = double.Parse(printed[(printed.IndexOf('}', StringComparison.Ordinal) + 1)..].Trim(), CultureInfo.InvariantCulture);
        Assert.InRange(score, 0.001, 0.999);

        await _cli.Output(
            """sagemaker-runtime invoke-endpoint --endpoint-name ad-click-prediction-endpoint --content-type application/json --body '{"age": 25, "gender": "Female", "ad_position": "Bottom"}' raw.json""",
            model.Folder);
        var raw = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(model.Folder, "raw.json")))!;
        Assert.Equal(score, (double)raw["predictions"]![0]!["score"]!, 6);
    }

    [Fact]
    public async Task A_request_of_the_wrong_shape_is_refused_with_its_row_and_column()
    {
        var run = await _cli.Run(
            """sagemaker-runtime invoke-endpoint --endpoint-name ad-click-prediction-endpoint --content-type text/csv --body "25,1,none,1,0,0,1,1" bad.json""", model.Folder);
        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains("ModelError", run.Error, StringComparison.Ordinal);
        Assert.Contains("Row 1", run.Error, StringComparison.Ordinal);
        Assert.Contains("device_type", run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(model.Folder, "bad.json")));
    }

    [Fact]
    public async Task The_feature_group_is_described_with_its_features_and_without_personal_data()
    {
        var group = JsonNode.Parse(await _cli.Output("sagemaker describe-feature-group --feature-group-name ad-click-feature-group"))!;
        Assert.Equal("Created", (string?)group["FeatureGroupStatus"]);
        Assert.True((bool)group["OnlineStoreConfig"]!["EnableOnlineStore"]!);
        Assert.StartsWith($"s3://{Bucket}", (string?)group["OfflineStoreConfig"]!["S3StorageConfig"]!["S3Uri"], StringComparison.Ordinal);
        var features = group["FeatureDefinitions"]!.AsArray().Select(f => (string?)f!["FeatureName"]).ToList();
        Assert.Contains((string?)group["RecordIdentifierFeatureName"], features);
        Assert.Contains((string?)group["EventTimeFeatureName"], features);
        Assert.All(["id", "age", "gender", "device_type", "ad_position", "browsing_history", "time_of_day", "click"], name => Assert.Contains(name, features));
        Assert.DoesNotContain("full_name", features);
    }

    [Fact]
    public async Task The_waiters_return_for_what_has_come_to_its_end_and_fail_for_what_never_will()
    {
        // other tests of this model have jobs that fail; in JSON, because the command line's text has an answer for each page
        var training = await _cli.Output("sagemaker list-training-jobs --status-equals Completed --query 'TrainingJobSummaries[0].TrainingJobName'");
        var processing = await _cli.Output("sagemaker list-processing-jobs --status-equals Completed --query 'ProcessingJobSummaries[0].ProcessingJobName'");
        Assert.Equal("", await _cli.Output("sagemaker wait endpoint-in-service --endpoint-name ad-click-prediction-endpoint"));
        Assert.Equal("", await _cli.Output($"sagemaker wait training-job-completed-or-stopped --training-job-name {training}"));
        Assert.Equal("", await _cli.Output($"sagemaker wait processing-job-completed-or-stopped --processing-job-name {processing}"));
        foreach (var never in new[] { "endpoint-in-service --endpoint-name", "training-job-completed-or-stopped --training-job-name", "processing-job-completed-or-stopped --processing-job-name" })
        {
            var run = await _cli.Run($"sagemaker wait {never} never-made");
            Assert.Equal(255, run.ExitCode);
            Assert.Contains("terminal failure state", run.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_bucket_is_emptied_and_removed_as_the_manual_does_it()
    {
        await _cli.Output("s3 mb s3://your-data-bucket-name");
        await _cli.Output($"s3 sync s3://{Bucket}/datasets s3://your-data-bucket-name/datasets");
        var full = await _cli.Run("s3 rb s3://your-data-bucket-name");
        Assert.Contains("BucketNotEmpty", full.Error, StringComparison.Ordinal);
        Assert.Contains("delete: s3://your-data-bucket-name/datasets/ad_click_dataset.csv", await _cli.Output("s3 rm s3://your-data-bucket-name --recursive"), StringComparison.Ordinal);
        Assert.Equal("remove_bucket: your-data-bucket-name", await _cli.Output("s3 rb s3://your-data-bucket-name"));
        Assert.DoesNotContain("your-data-bucket-name", await _cli.Output("s3 ls"), StringComparison.Ordinal);
    }
}
