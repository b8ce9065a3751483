using Slipway.Steps.StepHost;

namespace Slipway.Steps.Data;

/// <summary>A place in S3.</summary>
/// <param name="Bucket">The bucket.</param>
/// <param name="Key">The key, or a prefix without the last slash.</param>
internal sealed record S3Address(string Bucket, string Key)
{
    /// <summary>Reads <c>s3://bucket/key</c>.</summary>
    /// <exception cref="StepFailedException">It is something else.</exception>
    public static S3Address Parse(string uri) =>
        uri.StartsWith("s3://", StringComparison.Ordinal) && uri["s3://".Length..].Split('/', 2) is [{ Length: > 0 } bucket, var key]
            ? new S3Address(bucket, key.TrimEnd('/'))
            : throw new StepFailedException($"'{uri}' is not a place in S3 (s3://bucket/key).");
}
