using Slipway.Aws.SageMaker;
using Slipway.Aws.Wire;

namespace Slipway.LocalAws.SageMaker.Pipelines;

/// <summary>Where a request's definition stands: in itself or in S3.</summary>
internal sealed class DefinitionSource
{
    /// <summary>The definition's text, or null where the request has none.</summary>
    public Task<string?> Read(string operation, string? definition, PipelineDefinitionS3Location? location, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return location is null ? Task.FromResult(definition) : throw AwsErrors.NotImplemented($"{operation}.PipelineDefinitionS3Location");
    }
}
