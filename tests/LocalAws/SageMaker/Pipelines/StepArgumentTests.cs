using System.Text.Json;
using Slipway.Aws.SageMaker;
using Slipway.Aws.Wire;
using Slipway.LocalAws.SageMaker.Pipelines.Definitions;

namespace Slipway.Tests.LocalAws.SageMaker.Pipelines;

/// <summary>A step's arguments are checked against the operation that they are the request of.</summary>
public sealed class StepArgumentTests
{
    private const string Role = "arn:aws:iam::000000000000:role/execution";

    private readonly ExpressionKinds _kinds = new(
        new Dictionary<string, PipelineParameter>
        {
            ["Text"] = new("Text", ValueKind.String, null, []),
            ["Count"] = new("Count", ValueKind.Integer, null, []),
        },
        new Dictionary<string, PipelineStep>());

    [Theory]
    [InlineData("""{"Containers":[{"Image":{"Get":"Parameters.Text"},"Environment":{"A":{"Std:Join":{"On":"","Values":[{"Get":"Parameters.Count"}]}}}}]}""")]
    [InlineData("""{"PrimaryContainer":{"Image":"image","ModelDataUrl":null},"EnableNetworkIsolation":true,"Tags":null}""")]
    [InlineData("""{"PrimaryContainer":{"ModelDataUrl":{"Get":"Parameters.Text"}},"ExecutionRoleArn":{"Get":"Parameters.Text"}}""")]
    public void What_the_operation_takes_is_taken_less_the_name(string arguments) => Check(arguments, typeof(CreateModel), "ModelName");

    [Theory]
    [InlineData("""{"Container":{}}""", "Step.Arguments: Unknown Argument member 'Container'. Local AWS does not support CreateModel.Container")]
    [InlineData("""{"PrimaryContainer":{"Picture":"x"}}""", "Step.Arguments.PrimaryContainer: Unknown Argument member 'Picture'")]
    [InlineData("""{"PrimaryContainer":[]}""", "Step.Arguments.PrimaryContainer: the value must be a structure")]
    [InlineData("""{"Containers":{}}""", "Step.Arguments.Containers: the value must be a list")]
    [InlineData("""{"Containers":[{"Environment":[]}]}""", "Step.Arguments.Containers[0].Environment: the value must be a map")]
    [InlineData("""{"EnableNetworkIsolation":"yes"}""", "Step.Arguments.EnableNetworkIsolation: \"yes\" can't be the value of a Boolean")]
    [InlineData("""{"EnableNetworkIsolation":{"Get":"Parameters.Text"}}""", "a value of type String can't be assigned to an argument of type Boolean")]
    [InlineData("""{"Containers":[{"Environment":{"A":{"Get":"Parameters.Count"}}}]}""", "Step.Arguments.Containers[0].Environment.A: a value of type Integer can't be assigned to an argument of type String; Std:Join")]
    [InlineData("""{"PrimaryContainer":{"Mode":"Both"}}""", "Member must satisfy enum value set: [SingleModel, MultiModel]")]
    [InlineData("""{"ExecutionRoleArn":"me"}""", "Step.Arguments.ExecutionRoleArn: 1 validation error detected")]
    [InlineData("""{"VpcConfig":{"Subnets":["a"]}}""", "Step.Arguments.VpcConfig: the required argument SecurityGroupIds is missing")]
    [InlineData("""{"VpcConfig":{"Subnets":[],"SecurityGroupIds":["a"]}}""", "Step.Arguments.VpcConfig.Subnets: 1 validation error detected")]
    public void What_the_operation_does_not_take_is_refused_with_its_place(string arguments, string expected)
    {
        var error = Assert.Throws<AwsException>(() => Check(arguments, typeof(CreateModel), "ModelName"));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_required_member_that_the_step_does_not_fill_in_must_be_there()
    {
        var error = Assert.Throws<AwsException>(() => Check("{}", typeof(CreatePipeline), "PipelineName"));
        Assert.Contains("the required argument ClientRequestToken is missing", error.Message, StringComparison.Ordinal);
        Check($$"""{"ClientRequestToken":"{{new string('a', 32)}}","RoleArn":"{{Role}}"}""", typeof(CreatePipeline), "PipelineName");
    }

    [Theory]
    [InlineData("A.B", """{"A":{"B":1}}""", "1")]
    [InlineData("$.A[1]", """{"A":[1,2]}""", "2")]
    [InlineData("$['A b']", """{"A b":true}""", "true")]
    [InlineData("Outputs['train'].S3Output.S3Uri", """{"Outputs":[{"OutputName":"test"},{"OutputName":"train","S3Output":{"S3Uri":"s3://b/k"}}]}""", "\"s3://b/k\"")]
    [InlineData("FinalMetricDataList['auc'].Value", """{"FinalMetricDataList":[{"MetricName":"auc","Value":0.7}]}""", "0.7")]
    [InlineData("A[2]", """{"A":[1,2]}""", null)]
    [InlineData("A.B.C", """{"A":{"B":1}}""", null)]
    public void A_path_leads_to_a_member_an_item_or_the_item_of_a_name(string path, string json, string? expected) =>
        Assert.Equal(expected, ValuePath.Parse(path)!.Find(JsonSerializer.Deserialize<JsonElement>(json))?.GetRawText());

    [Theory]
    [InlineData("")]
    [InlineData("$")]
    [InlineData(".A")]
    [InlineData("A..B")]
    [InlineData("A[")]
    [InlineData("A[*]")]
    [InlineData("A[-1]")]
    [InlineData("A['b]")]
    [InlineData("A B")]
    public void What_is_no_path_is_not_read_as_one(string path) => Assert.Null(ValuePath.Parse(path));

    private void Check(string arguments, Type request, string filledIn) => _kinds.Check(JsonSerializer.Deserialize<JsonElement>(arguments), request, "Step.Arguments", filledIn);
}
