using Amazon.Runtime;
using Amazon.S3.Model;
using Slipway.Aws.Client;
using Slipway.Aws.SageMaker;
using Slipway.Tests.Clients;
using Slipway.Tests.Steps.Train;

namespace Slipway.Tests.Steps.Evaluate;

public sealed class ChampionTests(LocalAwsFixture aws) : IClassFixture<LocalAwsFixture>
{
    [Fact]
    public async Task The_newest_approved_version_is_judged_on_the_same_rows()
    {
        using var training = await EvaluateStepTests.ReadyAsync(TrainingRun.Sample(1500), hyperparameters: new { num_boost_round = "5" });
        using var session = new AwsSession(aws.Server.Endpoint, new BasicAWSCredentials("test", "test"), "us-east-1");
        await session.S3.PutBucketAsync("champions");
        await session.S3.PutObjectAsync(new PutObjectRequest
        {
            BucketName = "champions", Key = "a/model.tar.gz", FilePath = Path.Combine(training.Run.Root, "processing", "input", "model", "model.tar.gz"),
        });
        await session.S3.PutObjectAsync(new PutObjectRequest { BucketName = "champions", Key = "damaged/model.tar.gz", ContentBody = "no archive" });
        await aws.Aws.Send(new CreateModelPackageGroup("ads"));
        var approved = await Register("s3://champions/a/model.tar.gz", ModelApprovalStatus.Approved);
        await Register("s3://champions/damaged/model.tar.gz", ModelApprovalStatus.PendingManualApproval);
        Configure(training.Run, "ads");

        await training.Run.DoneAsync("evaluate", "--tolerance", "0.02");

        var report = training.Run.Json("evaluation/evaluation.json");
        Assert.Equal(approved, (string)report["champion"]!["model_package_arn"]!);
        Assert.Equal((double)report["gate"]!["auc"]!, (double)report["champion"]!["auc"]!);
        Assert.Equal((0.0, 0.02), ((double)report["gate"]!["over_champion"]!, (double)report["gate"]!["champion_margin"]!));
        Assert.Contains("; the approved champion scores ", (string)report["gate"]!["words"]!, StringComparison.Ordinal);

        await Register("s3://champions/damaged/model.tar.gz", ModelApprovalStatus.Approved);
        Assert.Equal(1, await training.Run.RunAsync("evaluate"));
        Assert.StartsWith("The champion of ads can't be read: ", training.Run.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("empty", true)]
    [InlineData("absent", false)]
    public async Task A_group_without_an_approved_version_has_no_champion(string group, bool exists)
    {
        if (exists)
        {
            await aws.Aws.Send(new CreateModelPackageGroup(group));
        }
        using var training = await EvaluateStepTests.ReadyAsync(TrainingRun.Sample(500), hyperparameters: new { num_boost_round = "3" });
        Configure(training.Run, group);

        await training.Run.DoneAsync("evaluate");

        var report = training.Run.Json("evaluation/evaluation.json");
        Assert.StartsWith("There is no champion to compare with: ", (string)report["champion"]!["words"]!, StringComparison.Ordinal);
        Assert.Equal(1.0, (double)report["gate"]!["over_champion"]!);
    }

    private void Configure(StepRun run, string group)
    {
        foreach (var (name, value) in aws.Environment)
        {
            run.Variables[name] = value;
        }
        run.Variables["MODEL_PACKAGE_GROUP_NAME"] = group;
    }

    private async Task<string> Register(string url, ModelApprovalStatus status) => (await aws.Aws.Send(new CreateModelPackage(
        ModelPackageGroupName: "ads", ModelApprovalStatus: status,
        InferenceSpecification: new InferenceSpecification([new ModelPackageContainerDefinition(Image: LocalAwsFixture.CommandImage, ModelDataUrl: url)],
            SupportedContentTypes: ["text/csv"], SupportedResponseMIMETypes: ["text/csv"])))).ModelPackageArn;
}
