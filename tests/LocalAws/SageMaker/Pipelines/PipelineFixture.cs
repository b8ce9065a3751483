using Slipway.Aws.SageMaker;
using Slipway.Tests.Clients;

namespace Slipway.Tests.LocalAws.SageMaker.Pipelines;

/// <summary>Short forms of what the pipelines' tests ask of a local AWS.</summary>
internal static class PipelineCalls
{
    /// <summary>A token that no other request has.</summary>
    public static string Token() => Guid.NewGuid().ToString();

    /// <summary>Makes a pipeline of the steps given as JSON.</summary>
    public static async Task<string> CreatePipeline(this LocalAwsFixture aws, string name, string steps, string parameters = "", int? parallel = null)
    {
        var definition = $$"""{"Version":"2020-12-01","Metadata":{},"Parameters":[{{parameters}}],"Steps":[{{steps}}]}""";
        return (await aws.Aws.Send(new CreatePipeline(
            name, Token(), aws.RoleArn, PipelineDefinition: definition, ParallelismConfiguration: parallel is { } most ? new(most) : null))).PipelineArn;
    }

    /// <summary>Starts an execution and gives its ARN.</summary>
    public static async Task<string> Start(this LocalAwsFixture aws, string pipeline, params IReadOnlyList<Parameter> parameters) =>
        (await aws.Aws.Send(new StartPipelineExecution(pipeline, Token(), PipelineParameters: parameters))).PipelineExecutionArn;

    /// <summary>Waits for an execution's end, woken by its own signal.</summary>
    public static Task<DescribePipelineExecution.Response> End(this LocalAwsFixture aws, string arn) => aws.Changed(
        arn, () => aws.Aws.Send(new DescribePipelineExecution(arn)),
        e => e.PipelineExecutionStatus is not (PipelineExecutionStatus.Executing or PipelineExecutionStatus.Stopping));

    /// <summary>Starts an execution and waits for its end.</summary>
    public static async Task<DescribePipelineExecution.Response> Run(this LocalAwsFixture aws, string pipeline, params IReadOnlyList<Parameter> parameters) =>
        await aws.End(await aws.Start(pipeline, parameters));

    /// <summary>The steps that an execution has come to, by name.</summary>
    public static async Task<Dictionary<string, PipelineExecutionStep>> Steps(this LocalAwsFixture aws, string arn) =>
        (await aws.Aws.Send(new ListPipelineExecutionSteps(arn, MaxResults: 100))).PipelineExecutionSteps.ToDictionary(s => s.StepName);
}
