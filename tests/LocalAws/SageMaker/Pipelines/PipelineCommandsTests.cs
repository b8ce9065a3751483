using System.Text.Json;
using Slipway.Tests.Clients;

namespace Slipway.Tests.LocalAws.SageMaker.Pipelines;

/// <summary>The aws command line's commands for pipelines.</summary>
public sealed class PipelineCommandsTests(LocalAwsFixture aws) : IClassFixture<LocalAwsFixture>
{
    private readonly AwsCli _cli = new(aws);

    [Fact]
    public async Task A_pipeline_is_created_from_a_file_started_and_followed()
    {
        var folder = Directory.CreateTempSubdirectory("slipway-test-").FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "pipeline.json"), """
            {"Version":"2020-12-01","Parameters":[{"Name":"Reason","Type":"String","DefaultValue":"none"}],
             "Steps":[{"Name":"Stop","Type":"Fail","Arguments":{"ErrorMessage":{"Get":"Parameters.Reason"}}}]}
            """);
        await _cli.Output($"sagemaker create-pipeline --pipeline-name typed --role-arn {aws.RoleArn} --pipeline-definition file://pipeline.json", folder);
        Directory.Delete(folder, recursive: true);
        Assert.Equal("typed", await _cli.Output("sagemaker list-pipelines --query 'PipelineSummaries[0].PipelineName' --output text"));
        var arn = await _cli.Output("sagemaker start-pipeline-execution --pipeline-name typed --pipeline-parameters Name=Reason,Value=enough --query PipelineExecutionArn --output text");
        Assert.Equal("Step failure: One or multiple steps failed. Stop: enough", (await aws.End(arn)).FailureReason);
        var steps = JsonDocument.Parse(await _cli.Output($"sagemaker list-pipeline-execution-steps --pipeline-execution-arn {arn}")).RootElement.GetProperty("PipelineExecutionSteps");
        Assert.Equal("enough", steps[0].GetProperty("Metadata").GetProperty("Fail").GetProperty("ErrorMessage").GetString());
        var stop = await _cli.Run($"sagemaker stop-pipeline-execution --pipeline-execution-arn {arn}");
        Assert.Contains("only an execution that is Executing can be stopped", stop.Error, StringComparison.Ordinal);
        await _cli.Output("sagemaker delete-pipeline --pipeline-name typed");
    }
}
