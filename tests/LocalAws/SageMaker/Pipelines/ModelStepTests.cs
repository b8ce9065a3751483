using Slipway.Aws.SageMaker;
using Slipway.Aws.Wire;
using Slipway.LocalAws.S3;
using Slipway.LocalAws.S3.Store;
using Slipway.Tests.Clients;

namespace Slipway.Tests.LocalAws.SageMaker.Pipelines;

/// <summary>Steps that make a model and register one, with property references between them.</summary>
public sealed class ModelStepTests(LocalAwsFixture aws) : IClassFixture<LocalAwsFixture>
{
    private const string Image = "000000000000.dkr.ecr.us-east-1.amazonaws.com/slipway:1";

    [Fact]
    public async Task A_model_is_made_and_registered_as_a_version_of_a_group_that_is_made_with_it()
    {
        aws.Server.Part<Buckets>().Create("models", "us-east-1");
        await aws.Server.Part<ObjectStore>().Put("models", "a/model.tar.gz", new MemoryStream([1]));
        await aws.CreatePipeline("registers", $$$"""
            {"Name":"Make","Type":"Model","Arguments":{"ExecutionRoleArn":"{{{aws.RoleArn}}}",
              "PrimaryContainer":{"Image":"{{{Image}}}","ModelDataUrl":{"Std:Join":{"On":"/","Values":["s3://models",{"Get":"Parameters.Folder"},"model.tar.gz"]} } } } },
            {"Name":"Register","Type":"RegisterModel","DependsOn":["Make"],"Arguments":{"ModelPackageGroupName":"churn","ModelApprovalStatus":"PendingManualApproval",
              "ModelPackageDescription":{"Get":"Execution.PipelineExecutionArn"},
              "InferenceSpecification":{"Containers":[{"Image":"{{{Image}}}","ModelDataUrl":{"Get":"Steps.Make.PrimaryContainer.ModelDataUrl"} }],
                "SupportedContentTypes":["text/csv"],"SupportedResponseMIMETypes":["text/csv"]} } },
            {"Name":"Said","Type":"Fail","Arguments":{"ErrorMessage":{"Get":"Steps.Register.ModelPackageArn"} } }
            """, """{"Name":"Folder","Type":"String","DefaultValue":"a"}""");
        var execution = await aws.Run("registers");
        var steps = await aws.Steps(execution.PipelineExecutionArn);
        var model = steps["Make"].Metadata?.Model?.Arn;
        Assert.Matches($":model/pipelines-{execution.PipelineExecutionArn[^12..]}-Make-[A-Za-z0-9]{{10}}$", model);
        var package = steps["Register"].Metadata?.RegisterModel?.Arn;
        Assert.EndsWith(":model-package/churn/1", package);
        Assert.Equal(package, steps["Said"].FailureReason);
        var described = await aws.Aws.Send(new DescribeModelPackage(package!));
        Assert.Equal("s3://models/a/model.tar.gz", described.InferenceSpecification?.Containers[0].ModelDataUrl);
        Assert.Equal(execution.PipelineExecutionArn, described.ModelPackageDescription);

        // only the Fail step runs again: the model and the version are there
        await aws.Aws.Send(new RetryPipelineExecution(execution.PipelineExecutionArn, PipelineCalls.Token()));
        await aws.End(execution.PipelineExecutionArn);
        Assert.Single((await aws.Aws.Send(new ListModelPackages(ModelPackageGroupName: "churn"))).ModelPackageSummaryList);
    }

    [Fact]
    public async Task An_operation_that_refuses_its_request_fails_the_step_with_the_operation_and_its_words()
    {
        await aws.CreatePipeline("refused", $$$"""
            {"Name":"Make","Type":"Model","Arguments":{"ExecutionRoleArn":{"Get":"Parameters.Role"},"PrimaryContainer":{"Image":"{{{Image}}}"} } }
            """, """{"Name":"Role","Type":"String"}""");
        var execution = await aws.Run("refused", new Parameter("Role", aws.RoleArn + "x"));
        Assert.Equal(PipelineExecutionStatus.Failed, execution.PipelineExecutionStatus);
        var reason = (await aws.Steps(execution.PipelineExecutionArn))["Make"].FailureReason;
        Assert.StartsWith("ClientError: Failed to invoke sagemaker:CreateModel. Error Details: Could not assume role", reason);
    }

    [Theory]
    [InlineData("""{"ModelPackageName":"mine","ModelPackageGroupName":"churn"}""", "Unknown Argument member 'ModelPackageName'")]
    [InlineData("""{"ModelApprovalStatus":"Approved"}""", "the required argument ModelPackageGroupName is missing")]
    [InlineData("""{"ModelPackageGroupName":"churn","ModelApprovalStatus":"Maybe"}""", "Steps[0] 'R'.Arguments.ModelApprovalStatus: 'Maybe' is none of")]
    [InlineData("""{"ModelPackageGroupName":{"Get":"Steps.R.ModelPackageArn"}}""", "cycle: R -> R")]
    [InlineData("""{"ModelPackageGroupName":{"Get":"Steps.R.Arn"}}""", "a step of type RegisterModel has no such property")]
    public async Task A_registration_that_can_not_work_is_refused_when_the_pipeline_is_created(string arguments, string expected)
    {
        var error = await Assert.ThrowsAsync<AwsException>(() => aws.CreatePipeline("never", $$$"""{"Name":"R","Type":"RegisterModel","Arguments":{{{arguments}}} }"""));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_value_is_read_from_a_JSON_object_of_S3()
    {
        aws.Server.Part<Buckets>().Create("reports", "us-east-1");
        await aws.Server.Part<ObjectStore>().Put("reports", "evaluation.json", new MemoryStream("""{"metrics":{"auc":{"value":0.81}}}"""u8.ToArray()));
        const string get = """{"Std:JsonGet":{"S3Uri":{"Std:Join":{"On":"/","Values":["s3:/",{"Get":"Parameters.Bucket"},"evaluation.json"]}},"Path":"metrics.auc.value"}}""";
        await aws.CreatePipeline("reads", $$$"""{"Name":"Gate","Type":"Condition","Arguments":{"Conditions":[{"Type":"GreaterThan","LeftValue":{{{get}}},"RightValue":0.8}]} }""",
            """{"Name":"Bucket","Type":"String","DefaultValue":"reports"}""");
        Assert.Equal("True", (await aws.Steps((await aws.Run("reads")).PipelineExecutionArn))["Gate"].Metadata?.Condition?.Outcome);
        var missing = await aws.Run("reads", new Parameter("Bucket", "elsewhere"));
        Assert.Contains("Std:JsonGet can't read s3://elsewhere/evaluation.json: there is no such object", missing.FailureReason, StringComparison.Ordinal);
    }
}
