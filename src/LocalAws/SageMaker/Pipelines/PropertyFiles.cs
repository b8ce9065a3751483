using System.Text.Json;
using Slipway.Aws.Wire;

namespace Slipway.LocalAws.SageMaker.Pipelines;

/// <summary>Reads the JSON objects of S3 that Std:JsonGet names.</summary>
internal sealed class PropertyFiles
{
    /// <summary>An object's content.</summary>
    public Task<JsonElement> Read(string uri, CancellationToken cancellation) => throw AwsErrors.NotImplemented($"Std:JsonGet of {uri}");
}
