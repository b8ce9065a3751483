using Slipway.Aws.Wire;

namespace Slipway.Aws.SageMaker;

/// <summary>How many steps of an execution run side by side: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ParallelismConfiguration.html</summary>
public sealed record ParallelismConfiguration([Range(1, int.MaxValue)] int MaxParallelExecutionSteps);

/// <summary>An object that holds a pipeline's definition: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_PipelineDefinitionS3Location.html</summary>
public sealed record PipelineDefinitionS3Location(
    [Length(3, 63), Pattern(@"[a-z0-9][\.\-a-z0-9]{1,61}[a-z0-9]")] string Bucket,
    [Length(1, 1024)] string ObjectKey,
    [Length(1, 1024)] string? VersionId = null);

/// <summary>The state of a pipeline.</summary>
public enum PipelineStatus
{
    /// <summary>It can be started.</summary>
    Active,

    /// <summary>It is being deleted.</summary>
    Deleting,
}

/// <summary>Makes a pipeline from a definition: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreatePipeline.html</summary>
public sealed record CreatePipeline(
    [Length(1, 256), Pattern("[a-zA-Z0-9](-*[a-zA-Z0-9]){0,255}")] string PipelineName,
    [Length(32, 128)] string ClientRequestToken,
    [Length(20, 2048), Pattern(@"arn:aws[a-z\-]*:iam::\d{12}:role/?[a-zA-Z_0-9+=,.@\-_/]+")] string RoleArn,
    [Length(1, 256), Pattern("[a-zA-Z0-9](-*[a-zA-Z0-9]){0,255}")] string? PipelineDisplayName = null,
    [Length(1, 1048576)] string? PipelineDefinition = null,
    PipelineDefinitionS3Location? PipelineDefinitionS3Location = null,
    [Length(0, 3072)] string? PipelineDescription = null,
    [Length(0, 50)] IReadOnlyList<Tag>? Tags = null,
    ParallelismConfiguration? ParallelismConfiguration = null) : IAwsRequest<CreatePipeline.Response>
{
    /// <summary>The pipeline that was made.</summary>
    public sealed record Response(string PipelineArn);
}

/// <summary>Changes a pipeline; a new definition is a new version of it: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_UpdatePipeline.html</summary>
public sealed record UpdatePipeline(
    [Length(1, 256), Pattern("[a-zA-Z0-9](-*[a-zA-Z0-9]){0,255}")] string PipelineName,
    [Length(1, 256), Pattern("[a-zA-Z0-9](-*[a-zA-Z0-9]){0,255}")] string? PipelineDisplayName = null,
    [Length(1, 1048576)] string? PipelineDefinition = null,
    PipelineDefinitionS3Location? PipelineDefinitionS3Location = null,
    [Length(0, 3072)] string? PipelineDescription = null,
    [Length(20, 2048), Pattern(@"arn:aws[a-z\-]*:iam::\d{12}:role/?[a-zA-Z_0-9+=,.@\-_/]+")] string? RoleArn = null,
    ParallelismConfiguration? ParallelismConfiguration = null) : IAwsRequest<UpdatePipeline.Response>
{
    /// <summary>The pipeline and the version of its definition that is now the newest.</summary>
    public sealed record Response(string PipelineArn, long? PipelineVersionId = null);
}

/// <summary>A pipeline and its definition: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribePipeline.html</summary>
public sealed record DescribePipeline(
    [Length(1, 2048), Pattern(@"(arn:aws[a-z\-]*:sagemaker:[a-z0-9\-]*:([0-9]{12}|aws):pipeline/.*)?([a-zA-Z0-9](-*[a-zA-Z0-9]){0,255})")] string PipelineName,
    [Range(1, long.MaxValue)] long? PipelineVersionId = null) : IAwsRequest<DescribePipeline.Response>
{
    /// <summary>The pipeline.</summary>
    public sealed record Response(
        string PipelineArn, string PipelineName, string PipelineDefinition, string RoleArn, PipelineStatus PipelineStatus,
        DateTimeOffset CreationTime, DateTimeOffset LastModifiedTime, string? PipelineDisplayName = null, string? PipelineDescription = null,
        DateTimeOffset? LastRunTime = null, UserContext? CreatedBy = null, UserContext? LastModifiedBy = null,
        ParallelismConfiguration? ParallelismConfiguration = null, string? PipelineVersionDisplayName = null, string? PipelineVersionDescription = null);
}

/// <summary>Deletes a pipeline that no execution runs, and its executions: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DeletePipeline.html</summary>
public sealed record DeletePipeline(
    [Length(1, 256), Pattern("[a-zA-Z0-9](-*[a-zA-Z0-9]){0,255}")] string PipelineName,
    [Length(32, 128)] string ClientRequestToken) : IAwsRequest<DeletePipeline.Response>
{
    /// <summary>The pipeline that is gone.</summary>
    public sealed record Response(string PipelineArn);
}

/// <summary>A pipeline in a listing: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_PipelineSummary.html</summary>
public sealed record PipelineSummary(
    string PipelineArn, string PipelineName, string RoleArn, DateTimeOffset CreationTime, DateTimeOffset LastModifiedTime,
    string? PipelineDisplayName = null, string? PipelineDescription = null, DateTimeOffset? LastExecutionTime = null);

/// <summary>Pipelines by name and time, newest first unless asked otherwise: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ListPipelines.html</summary>
public sealed record ListPipelines(
    [Length(1, 256), Pattern("[a-zA-Z0-9](-*[a-zA-Z0-9]){0,255}")] string? PipelineNamePrefix = null,
    DateTimeOffset? CreatedAfter = null,
    DateTimeOffset? CreatedBefore = null,
    [OneOf("Name", "CreationTime")] string? SortBy = null,
    SortOrder? SortOrder = null,
    [Length(0, 8192)] string? NextToken = null,
    [Range(1, 100)] int? MaxResults = null) : IAwsRequest<ListPipelines.Response>
{
    /// <summary>A page of pipelines.</summary>
    public sealed record Response(IReadOnlyList<PipelineSummary> PipelineSummaries, string? NextToken = null);
}
