using Slipway.Aws.Wire;

namespace Slipway.Aws.CodePipeline;

/// <summary>A person's answer.</summary>
public enum ApprovalStatus
{
    /// <summary>It goes on.</summary>
    Approved,

    /// <summary>It does not.</summary>
    Rejected,
}

/// <summary>A person's answer and words, at most 512 characters.</summary>
public sealed record ApprovalResult([Length(0, 512)] string Summary, ApprovalStatus Status);

/// <summary>Answers an approval that waits: https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_PutApprovalResult.html</summary>
/// <param name="PipelineName">The pipeline.</param>
/// <param name="StageName">The stage.</param>
/// <param name="ActionName">The approval.</param>
/// <param name="Result">The answer.</param>
/// <param name="Token">What GetPipelineState says of the approval that waits.</param>
public sealed record PutApprovalResult(
    [Length(1, Forms.LongestName), Pattern(Forms.Name)] string PipelineName,
    [Length(1, Forms.LongestName), Pattern(Forms.Name)] string StageName,
    [Length(1, Forms.LongestName), Pattern(Forms.Name)] string ActionName,
    ApprovalResult Result,
    [Pattern(Forms.Id)] string Token) : IAwsRequest<PutApprovalResult.Response>
{
    /// <summary>When it was answered.</summary>
    public sealed record Response(DateTimeOffset ApprovedAt);
}
