using Slipway.Aws.Wire;

namespace Slipway.Aws.SageMaker;

/// <summary>A version of a pipeline in a listing: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_PipelineVersionSummary.html</summary>
public sealed record PipelineVersionSummary(
    string PipelineArn, long PipelineVersionId, DateTimeOffset CreationTime, string? PipelineVersionDescription = null,
    string? PipelineVersionDisplayName = null, string? LastExecutionPipelineExecutionArn = null);

/// <summary>A pipeline's versions, newest first unless asked otherwise: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ListPipelineVersions.html</summary>
public sealed record ListPipelineVersions(
    [Length(1, 2048), Pattern(@"(arn:aws[a-z\-]*:sagemaker:[a-z0-9\-]*:([0-9]{12}|aws):pipeline/.*)?([a-zA-Z0-9](-*[a-zA-Z0-9]){0,255})")] string PipelineName,
    DateTimeOffset? CreatedAfter = null,
    DateTimeOffset? CreatedBefore = null,
    SortOrder? SortOrder = null,
    [Length(0, 8192)] string? NextToken = null,
    [Range(1, 100)] int? MaxResults = null) : IAwsRequest<ListPipelineVersions.Response>
{
    /// <summary>A page of versions.</summary>
    public sealed record Response(IReadOnlyList<PipelineVersionSummary> PipelineVersionSummaries, string? NextToken = null);
}

/// <summary>Names or describes a version: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_UpdatePipelineVersion.html</summary>
public sealed record UpdatePipelineVersion(
    [Length(0, 2048), Pattern(@"arn:aws[a-z\-]*:sagemaker:[a-z0-9\-]*:([0-9]{12}|aws):pipeline/.*")] string PipelineArn,
    [Range(1, long.MaxValue)] long PipelineVersionId,
    [Length(1, 82), Pattern("[a-zA-Z0-9](-*[a-zA-Z0-9]){0,81}")] string? PipelineVersionDisplayName = null,
    [Length(0, 3072)] string? PipelineVersionDescription = null) : IAwsRequest<UpdatePipelineVersion.Response>
{
    /// <summary>The version that was changed.</summary>
    public sealed record Response(string PipelineArn, long PipelineVersionId);
}

/// <summary>A version of a pipeline as Search finds it: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_PipelineVersion.html</summary>
public sealed record PipelineVersion(
    string PipelineArn, long PipelineVersionId, DateTimeOffset CreationTime, DateTimeOffset LastModifiedTime, string? PipelineVersionDisplayName = null,
    string? PipelineVersionDescription = null, UserContext? CreatedBy = null, UserContext? LastModifiedBy = null, string? LastExecutedPipelineExecutionArn = null,
    string? LastExecutedPipelineExecutionDisplayName = null, PipelineExecutionStatus? LastExecutedPipelineExecutionStatus = null);
