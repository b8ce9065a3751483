using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Aws.Wire;
using Slipway.LocalAws.SageMaker.Pipelines.Definitions;
using Slipway.LocalAws.SageMaker.Pipelines.Executions;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.SageMaker.Pipelines.Steps;

/// <summary>
/// A step whose arguments are the request of one of SageMaker's operations, less the name, and whose properties are
/// what describing the resource answers.
/// </summary>
internal abstract class OperationStep(Operations operations) : StepType
{
    private static readonly AwsService SageMaker = AwsService.All.Single(s => s.Name == "SageMaker");

    public override bool TakesRetryPolicies => true;

    public override Type? Properties => Operations.Find(SageMaker, DescribeOperation) is { } describe ? ResponseOf(describe.Request) : null;

    /// <summary>The operation that the arguments are the request of.</summary>
    protected abstract string CreateOperation { get; }

    /// <summary>The operation that answers the step's properties.</summary>
    protected abstract string DescribeOperation { get; }

    /// <summary>The member that names the resource in both requests.</summary>
    protected abstract string NameMember { get; }

    public override void Check(JsonElement arguments, string where, ExpressionKinds kinds)
    {
        var create = Operations.Find(SageMaker, CreateOperation) ?? throw DefinitionErrors.At(where, $"step type {Name} is not supported by local AWS");
        kinds.Check(arguments, create.Request, where, NameMember);
        try
        {
            RefuseUnsupported(arguments, where);
        }
        catch (AwsException e) when (e.Code == "NotImplemented")
        {
            throw DefinitionErrors.At(where, e.Message);
        }
    }

    /// <summary>Refuses what the create operation would refuse by name, as far as it is known before anything runs.</summary>
    protected abstract void RefuseUnsupported(JsonElement arguments, string where);

    /// <summary>Sends the create operation; its error is that of the step.</summary>
    protected async Task<JsonElement> Create(StepAttempt attempt, JsonObject request, CancellationToken cancellation)
    {
        try
        {
            return await Call(CreateOperation, attempt, request, cancellation);
        }
        catch (AwsException e)
        {
            throw new AwsException(e.Code, e.Status, $"Failed to invoke sagemaker:{CreateOperation}. Error Details: {e.Message}", inner: e);
        }
    }

    /// <summary>What describing a resource answers.</summary>
    protected Task<JsonElement> Describe(StepAttempt attempt, string name, CancellationToken cancellation) =>
        Call(DescribeOperation, attempt, new() { [NameMember] = name }, cancellation);

    /// <summary>What describing a resource answers, or null where there is none.</summary>
    protected async Task<JsonElement?> Find(StepAttempt attempt, string name, CancellationToken cancellation)
    {
        try
        {
            return await Describe(attempt, name, cancellation);
        }
        catch (AwsException e) when (e.Code is "ValidationException" or "ResourceNotFound")
        {
            return null;
        }
    }

    /// <summary>Handles an operation as if its request had come over the wire.</summary>
    protected async Task<JsonElement> Call(string operation, StepAttempt attempt, JsonObject request, CancellationToken cancellation)
    {
        var answer = await operations.Handle(SageMaker, operation, request, attempt.Caller, cancellation);
        return JsonSerializer.SerializeToElement(answer, answer.GetType(), AwsJson.For(SageMaker));
    }

    private static Type ResponseOf(Type request) => request.GetInterfaces()
        .Single(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IAwsRequest<>)).GetGenericArguments()[0];
}
