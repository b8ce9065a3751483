using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Aws.EventBridge;
using Slipway.Aws.Wire;
using Slipway.LocalAws.Logs;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.EventBridge;

/// <summary>
/// Hands events to targets: an operation of the target's service, a message, or lines of a log group. A delivery that is repeated
/// after a crash does nothing twice: the operation takes a token, or is part of the transaction that forgets the delivery.
/// </summary>
internal sealed class TargetCalls(Operations operations, MessageTargets messages, LogStore logs, LocalAwsOptions options)
{
    private static readonly TargetKind[] Kinds =
    [
        new("sagemaker", "pipeline/", "SageMaker", "StartPipelineExecution", (name, d) => new()
        {
            ["PipelineName"] = name,
            ["ClientRequestToken"] = d.Id,
            ["PipelineParameters"] = new JsonArray([.. (d.Target.SageMakerPipelineParameters?.PipelineParameterList ?? [])
                .Select(p => (JsonNode)new JsonObject { ["Name"] = p.Name, ["Value"] = p.Value })]),
        }),
        new("codepipeline", "", "CodePipeline", "StartPipelineExecution", PipelineStart),
        new("codebuild", "project/", "CodeBuild", "StartBuild", BuildStart),
    ];

    /// <summary>Checks that local AWS can hand events to a target.</summary>
    /// <exception cref="AwsException">ValidationException for an ARN that is none, NotImplemented for another service.</exception>
    public static void Check(Target target)
    {
        var (service, resource) = Parts(target);
        if (service != "logs" && !MessageTargets.Has(service) && Operation(Kind(service, resource)) is null)
        {
            throw AwsErrors.NotImplemented($"PutTargets with a target of {service} ({target.Arn})");
        }

        if (service == "logs" && !resource.StartsWith("log-group:", StringComparison.Ordinal))
        {
            throw AwsErrors.Validation($"Provided Arn is not in correct format. Reason: {target.Arn} is no log group.");
        }
    }

    /// <summary>Hands a delivery to its target, and forgets it when the target has taken it.</summary>
    /// <exception cref="AwsException">The target's own error.</exception>
    public async Task CallAndForget(EventDelivery delivery, Action forget, CancellationToken cancellation)
    {
        var (service, resource) = Parts(delivery.Target);
        var caller = options.Caller(delivery.Target.Arn.Split(':')[3]);
        caller = caller with { Rule = caller.Arn("events", $"rule/{delivery.Rule}") };
        if (MessageTargets.Has(service))
        {
            messages.HandAndForget(delivery, caller, forget);
            return;
        }

        if (service == "logs")
        {
            Log(resource["log-group:".Length..].Split(':')[0], delivery);
        }
        else
        {
            await Handle(service, resource, delivery, caller, cancellation);
        }

        forget();
    }

    private async Task Handle(string service, string resource, EventDelivery delivery, Caller caller, CancellationToken cancellation)
    {
        var kind = Kind(service, resource);
        var operation = Operation(kind) ?? throw AwsErrors.NotImplemented($"the target {delivery.Target.Arn}");
        var request = kind!.Request(resource[kind.Prefix.Length..], delivery);
        await operations.Handle(AwsService.Of(operation.Request), kind.Operation, request, caller, cancellation);
    }

    /// <summary>
    /// Starts a pipeline; an input of the target's own may give it variables and source revisions:
    /// https://docs.aws.amazon.com/codepipeline/latest/userguide/tutorials-eventbridge-transform-input.html
    /// </summary>
    private static JsonObject PipelineStart(string name, EventDelivery delivery)
    {
        var start = new JsonObject { ["name"] = name, ["clientRequestToken"] = delivery.Id };
        foreach (var member in OwnInput(delivery).Where(m => m.Name is "variables" or "sourceRevisions"))
        {
            start[member.Name] = JsonNode.Parse(member.Value.GetRawText());
        }

        return start;
    }

    private static AwsException Invalid(EventDelivery delivery) => AwsErrors.Validation($"The input of the target {delivery.Target.Arn} is not JSON: {delivery.Input}");

    /// <summary>A build, with the overrides of StartBuild that the rule's own input names, such as environmentVariablesOverride.</summary>
    private static JsonObject BuildStart(string name, EventDelivery delivery)
    {
        var start = new JsonObject();
        foreach (var member in OwnInput(delivery))
        {
            start[member.Name] = JsonNode.Parse(member.Value.GetRawText());
        }

        (start["projectName"], start["idempotencyToken"]) = (name, delivery.Id);
        return start;
    }

    /// <summary>The members of the input that a rule itself says; an event by itself says nothing to its target.</summary>
    private static IEnumerable<JsonProperty> OwnInput(EventDelivery delivery) =>
        delivery.Target is { Input: null, InputTransformer: null } || JsonText.Read(delivery.Input, _ => Invalid(delivery)) is not { ValueKind: JsonValueKind.Object } input
            ? [] : input.EnumerateObject();

    private void Log(string group, EventDelivery delivery)
    {
        // each event has a stream of its own, which tells that it is there already
        if (logs.Read(c => LogStreams.Find(c, group, delivery.Id)) is null)
        {
            logs.Append(group, delivery.Id, [new(delivery.Born.ToUnixTimeMilliseconds(), delivery.Input)]);
            logs.Flush();
        }
    }

    private static (string Service, string Resource) Parts(Target target) =>
        target.Arn.Split(':', 6) is ["arn", "aws", var service, _, _, { Length: > 0 } resource]
            ? (service, resource)
            : throw AwsErrors.Validation($"Parameter {target.Arn} is not valid. Reason: Provided Arn is not in correct format.");

    private static TargetKind? Kind(string service, string resource) =>
        Kinds.FirstOrDefault(k => k.Service == service && resource.StartsWith(k.Prefix, StringComparison.Ordinal));

    private static Operation? Operation(TargetKind? kind) =>
        kind is not null && AwsService.All.FirstOrDefault(s => s.Name == kind.Contract) is { } service ? Operations.Find(service, kind.Operation) : null;

    /// <param name="Service">The service in the target's ARN.</param>
    /// <param name="Prefix">What its resource starts with.</param>
    /// <param name="Contract">The name of the service's contracts here.</param>
    /// <param name="Operation">The operation that takes the event.</param>
    /// <param name="Request">Makes its request of the resource's name and the delivery.</param>
    private sealed record TargetKind(string Service, string Prefix, string Contract, string Operation, Func<string, EventDelivery, JsonObject> Request);
}
