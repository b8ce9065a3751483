using Slipway.Aws.Wire;

namespace Slipway.Aws.Iam;

/// <summary>Asks what a role or a user may do: https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html</summary>
/// <param name="PolicySourceArn">The role or the user.</param>
/// <param name="ActionNames">The actions, such as <c>s3:PutObject</c>.</param>
/// <param name="ResourceArns">The resources; all where none is named.</param>
/// <param name="Marker">The answer's place to go on from.</param>
/// <param name="MaxItems">The most results of an answer.</param>
public sealed record SimulatePrincipalPolicy(
    [Length(20, 2048)] string PolicySourceArn,
    IReadOnlyList<string> ActionNames,
    IReadOnlyList<string>? ResourceArns = null,
    [Length(1, 320)] string? Marker = null,
    [Range(1, 1000)] int? MaxItems = null) : IAwsRequest<SimulatePrincipalPolicy.Response>
{
    /// <summary>A page of results; <c>Marker</c> asks for the next one.</summary>
    public sealed record Response(IReadOnlyList<EvaluationResult> EvaluationResults, bool IsTruncated, string? Marker = null);
}

/// <summary>Whether an action on a resource is allowed: https://docs.aws.amazon.com/IAM/latest/APIReference/API_EvaluationResult.html</summary>
/// <param name="EvalActionName">The action.</param>
/// <param name="EvalDecision"><c>allowed</c>, <c>explicitDeny</c> or <c>implicitDeny</c>.</param>
/// <param name="EvalResourceName">The resource, or <c>*</c>.</param>
public sealed record EvaluationResult(string EvalActionName, string EvalDecision, string? EvalResourceName = null);
