using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Aws.SageMaker;
using Slipway.Aws.Wire;
using Slipway.LocalAws.SageMaker.ModelRegistry;
using Slipway.LocalAws.SageMaker.Pipelines.Definitions;
using Slipway.LocalAws.SageMaker.Pipelines.Executions;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.SageMaker.Pipelines.Steps;

/// <summary>
/// Registers a version of a model package group, and makes the group where it is missing:
/// https://docs.aws.amazon.com/sagemaker/latest/dg/build-and-manage-steps-types.html#step-type-register-model
/// </summary>
internal sealed class RegisterModelStep(Operations operations) : OperationStep(operations)
{
    private const string Group = "ModelPackageGroupName";

    public override string Name => "RegisterModel";

    protected override string CreateOperation => "CreateModelPackage";

    protected override string DescribeOperation => "DescribeModelPackage";

    protected override string NameMember => "ModelPackageName";

    public override void Check(JsonElement arguments, string where, ExpressionKinds kinds)
    {
        base.Check(arguments, where, kinds);
        foreach (var member in new[] { NameMember, "ClientToken" })
        {
            if (arguments.TryGetProperty(member, out _))
            {
                // SageMaker takes versions of a group only, and gives each the token that makes it come once
                throw DefinitionErrors.At(where, $"Unknown Argument member '{member}'. A step of type RegisterModel takes {Group}");
            }
        }

        if (!arguments.TryGetProperty(Group, out _))
        {
            throw DefinitionErrors.At(where, $"the required argument {Group} is missing");
        }
    }

    protected override void RefuseUnsupported(JsonElement arguments, string where) =>
        ModelPackageChecks.RefuseUnsupported(KnownArguments.Of<CreateModelPackage>(arguments, where));

    public override async Task<StepResult> Run(StepAttempt attempt, CancellationToken shutdown)
    {
        var request = attempt.Request();
        request["ClientToken"] = attempt.ClientToken();
        await RequireGroup(attempt, request[Group]!.GetValue<string>(), shutdown);
        var made = await Create(attempt, request, shutdown);
        var arn = made.GetProperty("ModelPackageArn").GetString()!;
        return new(StepStatus.Succeeded, new(RegisterModel: new(arn)), await Describe(attempt, arn, shutdown));
    }

    private async Task RequireGroup(StepAttempt attempt, string name, CancellationToken shutdown)
    {
        try
        {
            await Call("DescribeModelPackageGroup", attempt, new JsonObject { [Group] = name }, shutdown);
        }
        catch (AwsException e) when (e.Code is "ValidationException" or "ResourceNotFound")
        {
            await Call("CreateModelPackageGroup", attempt, new JsonObject { [Group] = name }, shutdown);
        }
    }
}
