using System.Text;
using Slipway.Aws.SageMaker;
using Slipway.Aws.Wire;
using Slipway.LocalAws.S3;

namespace Slipway.LocalAws.SageMaker.Pipelines;

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

        if (location.VersionId is not null)
        {
            throw AwsErrors.NotImplemented("PipelineDefinitionS3Location.VersionId");
        }

        var stored = objects.Find(location.Bucket, location.ObjectKey)
            ?? throw AwsErrors.Validation($"The pipeline definition s3://{location.Bucket}/{location.ObjectKey} does not exist.");
        if (stored.Size > LargestDefinition)
        {
            throw AwsErrors.Validation($"The pipeline definition s3://{location.Bucket}/{location.ObjectKey} has {stored.Size} bytes; at most {LargestDefinition} are read.");
        }

        using var content = new StreamReader(objects.Open(stored), Encoding.UTF8);
        return await content.ReadToEndAsync(cancellation);
    }
}
