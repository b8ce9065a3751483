using System.Text.Json;
using Slipway.Aws.SageMaker;
using Slipway.LocalAws.SageMaker.Pipelines.Definitions;
using Slipway.LocalAws.SageMaker.Pipelines.Executions;
using Slipway.LocalAws.Storage;

namespace Slipway.LocalAws.SageMaker.Pipelines.Steps;

/// <summary>
/// Asks somebody outside by a message in an SQS queue, and waits for the answer, for as long as it takes:
/// https://docs.aws.amazon.com/sagemaker/latest/dg/build-and-manage-steps-types.html#step-type-callback
/// </summary>
internal sealed class CallbackStep(Callbacks callbacks, Changes changes) : StepType
{
    private const string QueueUrl = "SqsQueueUrl";
    private const string Outputs = "OutputParameters";
    private const int MostOutputs = 50;

    private static readonly Dictionary<ValueKind, Type> Types = new()
    {
        [ValueKind.String] = typeof(string), [ValueKind.Integer] = typeof(long), [ValueKind.Float] = typeof(double), [ValueKind.Boolean] = typeof(bool),
    };

    public override string Name => "Callback";

    public override IReadOnlyList<string> OwnMembers { get; } = [QueueUrl, Outputs];

    public override IReadOnlyList<string> CachedArguments { get; } = [QueueUrl, Outputs, "Arguments"];

    // which there are says each step by itself
    public override Type? Properties => null;

    public override Type? TypeOf(PipelineStep step, ValuePath path)
    {
        var declared = Declared(step.Arguments, step.Where).ToDictionary(o => o.Name, o => $"{o.Kind}");
        return path.Find(JsonSerializer.SerializeToElement(new { OutputParameters = declared })) is { ValueKind: JsonValueKind.String } kind ? Types[Enum.Parse<ValueKind>(kind.GetString()!)] : null;
    }

    public override void Check(JsonElement arguments, string where, ExpressionKinds kinds)
    {
        kinds.Check(DefinitionReader.Given(arguments, QueueUrl) ?? throw DefinitionErrors.At(where, $"{QueueUrl} is missing"), typeof(string), $"{where}.{QueueUrl}");
        Declared(arguments, where);
    }

    public override async Task<StepResult> Run(StepAttempt attempt, CancellationToken shutdown)
    {
        var stop = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = attempt.StopRequested.Register(stop.SetResult);
        if (callbacks.Find(attempt.CallbackToken()) is not { } callback)
        {
            if (stop.Task.IsCompleted)
            {
                return new(StepStatus.Stopped);
            }

            callback = callbacks.Ask(attempt, attempt.Arguments.GetProperty(QueueUrl).GetString()!, attempt.Arguments.GetProperty("Arguments"), Declared(attempt.Arguments, attempt.Step.Where));
        }

        attempt.Executing(Metadata(callback));
        return await Follow(attempt, callback, stop.Task, shutdown);
    }

    private async Task<StepResult> Follow(StepAttempt attempt, Callback callback, Task stop, CancellationToken shutdown)
    {
        while (true)
        {
            var changed = changes.Next(callback.Key);
            callback = callbacks.Find(callback.Token)!;
            if (callback.Answer is { } answer)
            {
                return answer.FailureReason is { } reason ? StepResult.Failed(reason, Metadata(callback)) : new(StepStatus.Succeeded, Metadata(callback), Values(callback, answer));
            }

            if (stop.IsCompleted && !callback.IsToldToStop)
            {
                // the execution stops when the answer comes, as in SageMaker
                callbacks.TellToStop(callback, attempt.Caller);
                continue;
            }

            await Task.WhenAny(callback.IsToldToStop ? [changed] : [changed, stop]).WaitAsync(shutdown);
        }
    }

    private static PipelineExecutionStepMetadata Metadata(Callback callback) => new(Callback: new(callback.Token, callback.QueueUrl, callback.Answer?.OutputParameters));

    /// <summary>The outputs by their names, each of its type, as references find them.</summary>
    private static JsonElement Values(Callback callback, CallbackAnswer answer) => JsonSerializer.SerializeToElement(new
    {
        OutputParameters = answer.OutputParameters!.ToDictionary(p => p.Name, p => DefinitionParameters.ValueOf(callback.Outputs.Single(o => o.Name == p.Name), p.Value)),
    });

    /// <summary>The outputs that a step declares, in the form of parameters, as each is a name and a type.</summary>
    private static List<PipelineParameter> Declared(JsonElement arguments, string where)
    {
        where = $"{where}.{Outputs}";
        var declared = DefinitionReader.Items(arguments, Outputs, where).Select((output, i) => ReadOutput(output, $"{where}[{i}]")).ToList();
        if (declared.Count > MostOutputs)
        {
            throw DefinitionErrors.At(where, $"a step has at most {MostOutputs} outputs");
        }

        return declared.GroupBy(o => o.Name).FirstOrDefault(g => g.Count() > 1) is { } doubled ? throw DefinitionErrors.At(where, $"the output {doubled.Key} is there twice") : declared;
    }

    private static PipelineParameter ReadOutput(JsonElement output, string where)
    {
        if (output.ValueKind != JsonValueKind.Object)
        {
            throw DefinitionErrors.At(where, "an output must be a structure");
        }

        DefinitionReader.RequireOnly(output, where, "OutputName", "OutputType");
        var name = DefinitionReader.Text(output, "OutputName", where) is { Length: > 0 } given ? given : throw DefinitionErrors.At(where, "OutputName is missing");
        var type = DefinitionReader.Text(output, "OutputType", where) ?? "String";
        return Enum.GetNames<ValueKind>().Contains(type) ? new(name, Enum.Parse<ValueKind>(type), null, [])
            : throw DefinitionErrors.At(where, $"the OutputType {type} is none of {string.Join(", ", Enum.GetNames<ValueKind>())}");
    }
}
