using System.Net;
using Slipway.Aws.Wire;

namespace Slipway.LocalAws.CodePipeline;

/// <summary>CodePipeline's own errors: https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_Operations.html</summary>
internal static class CodePipelineErrors
{
    public static AwsException Of(string name, string message) => new(name + "Exception", HttpStatusCode.BadRequest, message);

    public static AwsException NoPipeline(string account, string name) => Of("PipelineNotFound", $"Account '{account}' does not have a pipeline with name '{name}'");

    public static AwsException NoStage(string pipeline, string stage) => Of("StageNotFound", $"Pipeline '{pipeline}' does not have a stage with name '{stage}'");

    public static AwsException NoAction(string stage, string action) => Of("ActionNotFound", $"Stage '{stage}' does not have an action with name '{action}'");

    public static AwsException NoExecution(string pipeline, string id) =>
        Of("PipelineExecutionNotFound", $"Pipeline '{pipeline}' does not have an execution with id '{id}'");

    public static AwsException Structure(string message) => Of("InvalidStructure", message);

    public static AwsException Action(string message) => Of("InvalidActionDeclaration", message);

    public static AwsException Stage(string message) => Of("InvalidStageDeclaration", message);

    public static AwsException InvalidToken() => Of("InvalidNextToken", "The next token was specified in an invalid format. Make sure that the next token you provided is the token returned by a previous call.");
}
