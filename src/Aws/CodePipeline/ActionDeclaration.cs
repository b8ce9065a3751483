using Slipway.Aws.Wire;

namespace Slipway.Aws.CodePipeline;

/// <summary>An action of a stage: https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_ActionDeclaration.html</summary>
/// <param name="Name">Its name, unique in its stage.</param>
/// <param name="ActionTypeId">What it does.</param>
/// <param name="RunOrder">1 to 999; absent: 1. Those of one order run side by side.</param>
/// <param name="Configuration">The settings of its provider.</param>
/// <param name="Commands">The commands of a Compute action.</param>
/// <param name="OutputArtifacts">The artifacts that it makes.</param>
/// <param name="InputArtifacts">The artifacts that it takes.</param>
/// <param name="OutputVariables">The variables that a Compute action exports.</param>
/// <param name="RoleArn">The role that it acts as, where it is not the pipeline's.</param>
/// <param name="Region">Where it runs, where that is not the pipeline's region.</param>
/// <param name="Namespace">What its output variables are called by, as in <c>#{NAMESPACE.NAME}</c>.</param>
/// <param name="TimeoutInMinutes">Minutes, for approvals and a few others.</param>
/// <param name="EnvironmentVariables">The variables of a Compute action.</param>
public sealed record ActionDeclaration(
    [Length(1, Forms.LongestName), Pattern(Forms.Name)] string Name,
    ActionTypeId ActionTypeId,
    [Range(1, 999)] int? RunOrder = null,
    IReadOnlyDictionary<string, string>? Configuration = null,
    [Length(1, 50)] IReadOnlyList<string>? Commands = null,
    IReadOnlyList<OutputArtifact>? OutputArtifacts = null,
    IReadOnlyList<InputArtifact>? InputArtifacts = null,
    [Length(1, 15)] IReadOnlyList<string>? OutputVariables = null,
    [Length(0, 1024), Pattern(Forms.RoleArn)] string? RoleArn = null,
    [Length(4, 30)] string? Region = null,
    [Length(1, 100), Pattern(Forms.Variable)] string? Namespace = null,
    [Range(5, 86400)] int? TimeoutInMinutes = null,
    [Length(1, 10)] IReadOnlyList<EnvironmentVariable>? EnvironmentVariables = null);

/// <summary>The category of an action.</summary>
public enum ActionCategory
{
    /// <summary>Where a revision comes from.</summary>
    Source,

    /// <summary>Builds something.</summary>
    Build,

    /// <summary>Deploys something.</summary>
    Deploy,

    /// <summary>Tests something.</summary>
    Test,

    /// <summary>Calls something.</summary>
    Invoke,

    /// <summary>Waits for a person.</summary>
    Approval,

    /// <summary>Runs commands.</summary>
    Compute,
}

/// <summary>What an action does: https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_ActionTypeId.html</summary>
public sealed record ActionTypeId(
    ActionCategory Category, [OneOf("AWS", "ThirdParty", "Custom")] string Owner,
    [Length(1, 35), Pattern(Forms.Word)] string Provider, [Length(1, 9), Pattern(Forms.Word)] string Version);

/// <summary>An artifact that an action makes.</summary>
/// <param name="Name">Its name, unique in the pipeline.</param>
/// <param name="Files">The files of a Compute action's.</param>
public sealed record OutputArtifact([Length(1, 100), Pattern(Forms.Artifact)] string Name, [Length(1, 10)] IReadOnlyList<string>? Files = null);

/// <summary>An artifact that an action takes.</summary>
public sealed record InputArtifact([Length(1, 100), Pattern(Forms.Artifact)] string Name);

/// <summary>A variable of a Compute action.</summary>
public sealed record EnvironmentVariable(
    [Length(1, 128), Pattern("[A-Za-z0-9_]+")] string Name, [Length(1, 2000)] string Value, [OneOf("PLAINTEXT", "SECRETS_MANAGER")] string? Type = null);
