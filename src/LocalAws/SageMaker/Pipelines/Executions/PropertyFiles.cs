using System.Text.Json;
using Slipway.Aws.Wire;
using Slipway.LocalAws.S3;
using Slipway.LocalAws.S3.Store;

namespace Slipway.LocalAws.SageMaker.Pipelines.Executions;

/// <summary>Reads the JSON objects of S3 that Std:JsonGet names.</summary>
internal sealed class PropertyFiles(ObjectStore objects)
{
    private const int LargestFile = 16 << 20;

    /// <summary>An object's content.</summary>
    /// <exception cref="AwsException">There is none, or it is too large or no JSON.</exception>
    public async Task<JsonElement> Read(string uri, CancellationToken cancellation)
    {
        var place = S3Uri.Parse(uri);
        var (stored, bytes) = objects.Open(place.Bucket, place.Key) ?? throw AwsErrors.Validation($"Std:JsonGet can't read {uri}: there is no such object.");
        await using var content = bytes;
        if (stored.Size > LargestFile)
        {
            throw AwsErrors.Validation($"Std:JsonGet can't read {uri}: it has {stored.Size} bytes, and at most {LargestFile} are read.");
        }

        try
        {
            return await JsonSerializer.DeserializeAsync<JsonElement>(content, cancellationToken: cancellation);
        }
        catch (JsonException e)
        {
            throw AwsErrors.Validation($"Std:JsonGet can't read {uri}: it isn't JSON at line {e.LineNumber + 1}, column {e.BytePositionInLine + 1}.");
        }
    }
}
