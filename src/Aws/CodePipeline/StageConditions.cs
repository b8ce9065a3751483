using Slipway.Aws.Wire;

namespace Slipway.Aws.CodePipeline;

/// <summary>What follows where a stage fails: https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_FailureConditions.html</summary>
/// <param name="Result">ROLLBACK to the last execution that succeeded there, RETRY once, or by conditions.</param>
/// <param name="RetryConfiguration">What RETRY runs again.</param>
/// <param name="Conditions">Rules.</param>
public sealed record FailureConditions(
    [OneOf("ROLLBACK", "FAIL", "RETRY", "SKIP")] string? Result = null, RetryConfiguration? RetryConfiguration = null, [Length(1, 1)] IReadOnlyList<Condition>? Conditions = null);

/// <summary>What an automatic retry runs again.</summary>
public sealed record RetryConfiguration([OneOf("FAILED_ACTIONS", "ALL_ACTIONS")] string? RetryMode = null);

/// <summary>Conditions on a stage's success.</summary>
public sealed record SuccessConditions([Length(1, 1)] IReadOnlyList<Condition> Conditions);

/// <summary>Conditions on entering a stage.</summary>
public sealed record BeforeEntryConditions([Length(1, 1)] IReadOnlyList<Condition> Conditions);

/// <summary>Rules, and what follows where they do not hold.</summary>
public sealed record Condition([OneOf("ROLLBACK", "FAIL", "RETRY", "SKIP")] string? Result = null, [Length(1, 5)] IReadOnlyList<RuleDeclaration>? Rules = null);

/// <summary>A rule of a condition: https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_RuleDeclaration.html</summary>
public sealed record RuleDeclaration(
    [Length(1, Forms.LongestName), Pattern(Forms.Name)] string Name,
    RuleTypeId RuleTypeId,
    [Length(0, 200)] IReadOnlyDictionary<string, string>? Configuration = null,
    [Length(1, 50)] IReadOnlyList<string>? Commands = null,
    IReadOnlyList<InputArtifact>? InputArtifacts = null,
    [Length(0, 1024), Pattern(Forms.RoleArn)] string? RoleArn = null,
    [Length(4, 30)] string? Region = null,
    [Range(5, 86400)] int? TimeoutInMinutes = null);

/// <summary>What a rule checks.</summary>
public sealed record RuleTypeId(
    [OneOf("Rule")] string Category, [Length(1, 35), Pattern(Forms.Word)] string Provider,
    [OneOf("AWS")] string? Owner = null, [Length(1, 9), Pattern(Forms.Word)] string? Version = null);
