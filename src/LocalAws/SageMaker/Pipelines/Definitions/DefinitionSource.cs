using System.Text;
using Slipway.Aws.SageMaker;
using Slipway.Aws.Wire;
using Slipway.LocalAws.S3.Store;

namespace Slipway.LocalAws.SageMaker.Pipelines.Definitions;

/// <summary>Where a request's definition stands: in itself or in S3.</summary>
internal sealed class DefinitionSource(ObjectStore objects)
{
    private const int LargestDefinition = 16 << 20;

    /// <summary>The definition's text, or null where the request has none.</summary>
    /// <exception cref="AwsException">ValidationException where it is in both places, or not where it is said to be.</exception>
    public async Task<string?> Read(string? definition, PipelineDefinitionS3Location? location, CancellationToken cancellation)
    {
        if (location is null)
        {
            return definition;
        }

        if (definition is not null)
        {
            throw AwsErrors.Validation("Only one of PipelineDefinition and PipelineDefinitionS3Location can be given.");
        }

        var (stored, bytes) = objects.Open(location.Bucket, location.ObjectKey, location.VersionId)
            ?? throw AwsErrors.Validation($"The pipeline definition s3://{location.Bucket}/{location.ObjectKey}{(location.VersionId is { } version ? $" of the version {version}" : "")} does not exist.");
        using var content = new StreamReader(bytes, Encoding.UTF8);
        if (stored.Size > LargestDefinition)
        {
            throw AwsErrors.Validation($"The pipeline definition s3://{location.Bucket}/{location.ObjectKey} has {stored.Size} bytes; at most {LargestDefinition} are read.");
        }

        return await content.ReadToEndAsync(cancellation);
    }
}
