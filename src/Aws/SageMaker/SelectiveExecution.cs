using Slipway.Aws.Wire;

namespace Slipway.Aws.SageMaker;

/// <summary>A step that a selective execution runs.</summary>
public sealed record SelectedStep([Length(0, 256)] string StepName);

/// <summary>
/// Which steps an execution runs, and the execution whose results stand for the others':
/// https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_SelectiveExecutionConfig.html
/// </summary>
public sealed record SelectiveExecutionConfig(
    [Length(1, 50)] IReadOnlyList<SelectedStep> SelectedSteps,
    [Length(0, 2048), Pattern(@"arn:aws[a-z\-]*:sagemaker:[a-z0-9\-]*:[0-9]{12}:pipeline\/.*\/execution\/.*")] string? SourcePipelineExecutionArn = null);

/// <summary>The execution whose result a selective execution took for a step that it did not run.</summary>
public sealed record SelectiveExecutionResult(string? SourcePipelineExecutionArn = null);
