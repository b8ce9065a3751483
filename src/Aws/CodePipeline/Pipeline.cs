using Slipway.Aws.Wire;

namespace Slipway.Aws.CodePipeline;

/// <summary>Makes a pipeline, which starts at once: https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_CreatePipeline.html</summary>
public sealed record CreatePipeline(PipelineDeclaration Pipeline, IReadOnlyList<Tag>? Tags = null) : IAwsRequest<CreatePipeline.Response>
{
    /// <summary>The pipeline with its version, 1.</summary>
    public sealed record Response(PipelineDeclaration Pipeline, IReadOnlyList<Tag>? Tags = null);
}

/// <summary>A pipeline's structure: https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_GetPipeline.html</summary>
/// <param name="Name">The pipeline.</param>
/// <param name="Version">The version; absent: the newest.</param>
public sealed record GetPipeline(
    [Length(1, Forms.LongestName), Pattern(Forms.Name)] string Name, [Range(1, int.MaxValue)] int? Version = null) : IAwsRequest<GetPipeline.Response>
{
    /// <summary>The structure, and what is known of the pipeline.</summary>
    public sealed record Response(PipelineDeclaration Pipeline, PipelineMetadata Metadata);
}

/// <summary>What is known of a pipeline beside its structure.</summary>
public sealed record PipelineMetadata(string PipelineArn, DateTimeOffset Created, DateTimeOffset Updated, DateTimeOffset? PollingDisabledAt = null);

/// <summary>Gives a pipeline a new structure as its next version: https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_UpdatePipeline.html</summary>
public sealed record UpdatePipeline(PipelineDeclaration Pipeline) : IAwsRequest<UpdatePipeline.Response>
{
    /// <summary>The pipeline with its new version.</summary>
    public sealed record Response(PipelineDeclaration Pipeline);
}

/// <summary>Deletes a pipeline and its executions: https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_DeletePipeline.html</summary>
public sealed record DeletePipeline([Length(1, Forms.LongestName), Pattern(Forms.Name)] string Name) : IAwsRequest<EmptyResponse>;

/// <summary>Pipelines in the order of their names: https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_ListPipelines.html</summary>
public sealed record ListPipelines([Length(1, Forms.LongestToken)] string? NextToken = null, [Range(1, 1000)] int? MaxResults = null) : IAwsRequest<ListPipelines.Response>
{
    /// <summary>A page of pipelines.</summary>
    public sealed record Response(IReadOnlyList<PipelineSummary> Pipelines, string? NextToken = null);
}

/// <summary>A pipeline of a listing.</summary>
public sealed record PipelineSummary(string Name, int Version, PipelineType PipelineType, ExecutionMode ExecutionMode, DateTimeOffset Created, DateTimeOffset Updated);
