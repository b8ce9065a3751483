using System.Text.Json;
using Slipway.Aws.CodePipeline;
using Slipway.Aws.Wire;
using Slipway.LocalAws.CodeCommit;
using Slipway.LocalAws.CodePipeline.Executions;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.CodePipeline.Structure;

/// <summary>Checks what an action says of itself: its settings and how many artifacts it has.</summary>
internal static class ActionCheck
{
    private static readonly string[] CannedLists =
        ["private", "public-read", "public-read-write", "authenticated-read", "aws-exec-read", "bucket-owner-read", "bucket-owner-full-control", "log-delivery-write"];

    /// <exception cref="AwsException">InvalidActionDeclarationException, NotImplemented.</exception>
    public static void Check(ActionDeclaration action, string region)
    {
        var kind = ActionKind.Of(action, region);
        if (action.Region is { } other && other != region)
        {
            throw AwsErrors.NotImplemented($"a cross-region action ({action.Name} in {other})");
        }

        CheckCount(action, action.InputArtifacts?.Count ?? 0, kind.Inputs, "input");
        CheckCount(action, action.OutputArtifacts?.Count ?? 0, kind.Outputs, "output");
        CheckSettings(action, kind);
        CheckMembers(action);
        foreach (var (name, value) in action.Configuration ?? new Dictionary<string, string>())
        {
            // what a variable will hold is seen when the action runs
            if (!VariableReferences.In(value).Any() && Fault(name, value) is { } why)
            {
                throw CodePipelineErrors.Action($"Action configuration for action '{action.Name}' has an invalid value '{value}' for '{name}': {why}");
            }
        }
    }

    private static void CheckCount(ActionDeclaration action, int count, (int Least, int Most) limits, string what)
    {
        if (count < limits.Least || count > limits.Most)
        {
            throw CodePipelineErrors.Action($"Action {action.Name} declares {count} {what} artifacts which is "
                + (count < limits.Least ? $"less than the minimum count ({limits.Least})" : $"more than the maximum count ({limits.Most})"));
        }
    }

    private static void CheckSettings(ActionDeclaration action, ActionKind kind)
    {
        var given = action.Configuration ?? new Dictionary<string, string>();
        if (kind.Required.FirstOrDefault(r => !given.ContainsKey(r)) is { } missing)
        {
            throw CodePipelineErrors.Action($"Action configuration for action '{action.Name}' is missing required configuration '{missing}'");
        }

        if (given.Keys.FirstOrDefault(k => !kind.Required.Contains(k) && !kind.Optional.Contains(k)) is { } unknown)
        {
            throw CodePipelineErrors.Action($"Action configuration for action '{action.Name}' contains unknown configuration '{unknown}'");
        }

        if (given.Values.FirstOrDefault(v => v.Length is 0 or > 1000) is { } wrong)
        {
            throw CodePipelineErrors.Action($"Action configuration for action '{action.Name}' has a value of {wrong.Length} characters; a value has 1 to 1000");
        }

        if (action.ActionTypeId.Provider == "CodeBuild")
        {
            CheckPrimarySource(action, given);
        }
        else if (given.GetValueOrDefault("Extract") == "false" && !given.ContainsKey("ObjectKey"))
        {
            throw CodePipelineErrors.Action($"Action configuration for action '{action.Name}' is missing required configuration 'ObjectKey', which an artifact that is not extracted needs");
        }
    }

    private static void CheckPrimarySource(ActionDeclaration action, IReadOnlyDictionary<string, string> given)
    {
        var primary = given.GetValueOrDefault("PrimarySource");
        if (primary is null && action.InputArtifacts!.Count > 1)
        {
            throw CodePipelineErrors.Action($"Action configuration for action '{action.Name}' is missing required configuration 'PrimarySource', which several input artifacts need");
        }

        if (primary is not null && action.InputArtifacts!.All(a => a.Name != primary))
        {
            throw CodePipelineErrors.Action($"Action configuration for action '{action.Name}' has an invalid value '{primary}' for 'PrimarySource': it is none of its input artifacts");
        }
    }

    private static void CheckMembers(ActionDeclaration action)
    {
        var isCompute = action.Commands is not null || action.OutputVariables is not null || action.EnvironmentVariables is not null
            || (action.OutputArtifacts ?? []).Any(a => a.Files is not null);
        if (isCompute)
        {
            throw CodePipelineErrors.Action($"Action '{action.Name}' has commands, outputVariables, environmentVariables or files, which actions of the category Compute alone may have");
        }

        if (action.TimeoutInMinutes is not null && action.ActionTypeId.Category != ActionCategory.Approval)
        {
            throw CodePipelineErrors.Action($"Action '{action.Name}' has timeoutInMinutes, which manual approvals alone may have");
        }
    }

    private static string? Fault(string name, string value) => name switch
    {
        "PollForSourceChanges" or "Extract" or "AllowOverrideForS3ObjectKey" or "BatchEnabled" or "CombineArtifacts" when value is not ("true" or "false") => "it is true or false",
        "BatchEnabled" or "CombineArtifacts" when value == "true" => throw AwsErrors.NotImplemented($"batch builds (the CodeBuild action's {name})"),
        "OutputArtifactFormat" when value == "CODEBUILD_CLONE_REF" => throw AwsErrors.NotImplemented("the CodeCommit action's OutputArtifactFormat CODEBUILD_CLONE_REF"),
        "OutputArtifactFormat" when value != "CODE_ZIP" => "it is CODE_ZIP or CODEBUILD_CLONE_REF",
        "BranchName" => ReferenceName.Fault(value),
        "CannedACL" when value.Split(',').Except(CannedLists).Any() => $"it is one of {string.Join(", ", CannedLists)}",
        "NotificationArn" when !value.StartsWith("arn:aws:sns:", StringComparison.Ordinal) => "it is the ARN of an SNS topic",
        "ExternalEntityLink" when !Uri.TryCreate(value, UriKind.Absolute, out _) => "it is a URL",
        _ => null,
    };

    /// <summary>Checks the JSON of a build's variables, whose values may be references.</summary>
    /// <exception cref="AwsException">InvalidActionDeclarationException.</exception>
    public static void CheckEnvironment(ActionDeclaration action)
    {
        if (action.Configuration?.GetValueOrDefault(VariableReferences.EnvironmentVariables) is not { } text)
        {
            return;
        }

        AwsException Invalid(string why) => CodePipelineErrors.Action($"Action configuration for action '{action.Name}' has an invalid value for 'EnvironmentVariables': it {why}");
        var list = JsonText.Read(text, Invalid);
        var isList = list.ValueKind == JsonValueKind.Array && list.EnumerateArray().All(IsVariable);
        if (!isList)
        {
            throw Invalid("""is no list of [{"name":"…","value":"…","type":"PLAINTEXT, PARAMETER_STORE or SECRETS_MANAGER"}].""");
        }
    }

    private static bool IsVariable(JsonElement variable) =>
        variable.ValueKind == JsonValueKind.Object
        && variable.TryGetProperty("name", out var name) && name.ValueKind == JsonValueKind.String && name.GetString()!.Length > 0
        && variable.TryGetProperty("value", out var value) && value.ValueKind == JsonValueKind.String
        && variable.EnumerateObject().Select(m => m.Name).Distinct().Count() == variable.EnumerateObject().Count()
        && variable.EnumerateObject().All(m => m.Name is "name" or "value"
            || (m.Name == "type" && m.Value.ValueKind == JsonValueKind.String && m.Value.GetString() is "PLAINTEXT" or "PARAMETER_STORE" or "SECRETS_MANAGER"));
}
