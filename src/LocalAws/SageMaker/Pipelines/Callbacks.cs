using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Aws.SageMaker;
using Slipway.Aws.Sqs;
using Slipway.Aws.Wire;
using Slipway.LocalAws.SageMaker.Pipelines.Definitions;
using Slipway.LocalAws.SageMaker.Pipelines.Executions;
using Slipway.LocalAws.Sqs;
using Slipway.LocalAws.Storage;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.SageMaker.Pipelines;

/// <summary>A callback step that asked, as it is kept.</summary>
/// <param name="Token">What answers it.</param>
/// <param name="ExecutionId">Its execution.</param>
/// <param name="Step">Its name.</param>
/// <param name="QueueUrl">The queue that it asked by.</param>
/// <param name="Arguments">What it asked with, as JSON.</param>
/// <param name="Outputs">What an answer may have, each a name and a type.</param>
/// <param name="IsToldToStop">Whether who was asked has been told that the execution is to stop.</param>
/// <param name="Answer">The answer, or null.</param>
internal sealed record Callback(
    string Token, string ExecutionId, string Step, string QueueUrl, string Arguments, IReadOnlyList<PipelineParameter> Outputs, bool IsToldToStop = false, CallbackAnswer? Answer = null)
{
    /// <summary>What <see cref="Changes"/> knows it by.</summary>
    public string Key => $"callback/{Token}";
}

/// <summary>What a callback step was answered: outputs, or why it failed.</summary>
internal sealed record CallbackAnswer(IReadOnlyList<OutputParameter>? OutputParameters = null, string? FailureReason = null);

/// <summary>
/// What callback steps ask, and the answers:
/// https://docs.aws.amazon.com/sagemaker/latest/dg/build-and-manage-steps-types.html#step-type-callback. A message is sent
/// in the transaction that keeps that it was, so a crash neither loses nor doubles one.
/// </summary>
internal sealed class Callbacks(Database database, Sending sending, ExecutionStore executions, ClientTokens tokens, Changes changes)
{
    private readonly Table<Callback> _callbacks = new(database, "pipeline-callback", c => c.Token);

    public SendPipelineExecutionStepSuccess.Response Succeed(SendPipelineExecutionStepSuccess request) => new(tokens.Once(request.ClientRequestToken, request, () =>
    {
        var callback = RequireWaiting(request.CallbackToken);
        var outputs = request.OutputParameters ?? [];
        CheckOutputs(callback, outputs);
        return Answer(callback, new(OutputParameters: outputs));
    }));

    public SendPipelineExecutionStepFailure.Response Fail(SendPipelineExecutionStepFailure request) => new(tokens.Once(request.ClientRequestToken, request, () =>
        Answer(RequireWaiting(request.CallbackToken), new(FailureReason: request.FailureReason ?? "SendPipelineExecutionStepFailure was sent without a FailureReason."))));

    /// <summary>A callback by its token, or null.</summary>
    public Callback? Find(string token) => _callbacks.Find(token);

    /// <summary>Asks: sends the message, once.</summary>
    /// <exception cref="AwsException">SQS's, where it does not take the message.</exception>
    public Callback Ask(StepAttempt attempt, string queueUrl, JsonElement arguments, IReadOnlyList<PipelineParameter> outputs) => database.Write(_ =>
    {
        var callback = new Callback(attempt.CallbackToken(), attempt.Execution.Id, attempt.Step.Name, queueUrl, arguments.GetRawText(), outputs);
        _callbacks.Insert(callback);
        Send(callback, StepStatus.Executing, attempt.Caller);
        return callback;
    });

    /// <summary>Tells who was asked that the execution is to stop, which it does when the answer comes.</summary>
    public void TellToStop(Callback callback, Caller caller) => database.Write(_ =>
    {
        if (_callbacks.Change(callback.Token, c => c with { IsToldToStop = true })!.Answer is null)
        {
            Send(callback, StepStatus.Stopping, caller);
        }
    });

    /// <summary>Forgets the callbacks of executions that go.</summary>
    public void Forget(IReadOnlyCollection<string> executionIds) => database.Write(_ =>
        _callbacks.All().Where(c => executionIds.Contains(c.ExecutionId)).ToList().ForEach(c => _callbacks.Delete(c.Token)));

    private void Send(Callback callback, StepStatus status, Caller caller)
    {
        var body = new JsonObject
        {
            ["token"] = callback.Token,
            ["pipelineExecutionArn"] = executions.Find(callback.ExecutionId)!.Facts.Arn,
            ["arguments"] = JsonNode.Parse(callback.Arguments),
            ["status"] = $"{status}",
        };
        try
        {
            sending.Send(new SendMessage(callback.QueueUrl, body.ToJsonString(AwsJson.Lenient)), caller);
        }
        catch (AwsException e)
        {
            throw new AwsException(e.Code, e.Status, $"Failed to invoke sqs:SendMessage. Error Details: {e.Message}", inner: e);
        }
    }

    private Callback RequireWaiting(string token)
    {
        var callback = Find(token);
        var execution = callback is null ? null : executions.Find(callback.ExecutionId);
        return callback is null || execution is null ? throw AwsErrors.ResourceNotFound($"Callback token {token} does not exist.")
            : callback.Answer is not null ? throw AwsErrors.Conflict($"Callback token {token} has been answered already.")
            : execution.IsOver ? throw AwsErrors.Conflict($"Callback token {token} can't be answered any more: pipeline execution {execution.Facts.Arn} is {execution.Status}.")
            : callback;
    }

    private string Answer(Callback callback, CallbackAnswer answer)
    {
        _callbacks.Update(callback with { Answer = answer });
        database.AfterCommit(() => changes.Signal(callback.Key));
        return executions.Find(callback.ExecutionId)!.Facts.Arn;
    }

    private static void CheckOutputs(Callback callback, IReadOnlyList<OutputParameter> outputs)
    {
        if (outputs.GroupBy(o => o.Name).FirstOrDefault(g => g.Count() > 1) is { } doubled)
        {
            throw AwsErrors.Validation($"The output parameter {doubled.Key} is given twice.");
        }

        foreach (var output in outputs)
        {
            var declared = callback.Outputs.FirstOrDefault(o => o.Name == output.Name)
                ?? throw AwsErrors.Validation($"Unknown output parameter '{output.Name}': the step '{callback.Step}' has {(callback.Outputs.Count > 0 ? string.Join(", ", callback.Outputs.Select(o => o.Name)) : "none")}.");
            DefinitionParameters.ValueOf(declared, output.Value);
        }
    }
}
