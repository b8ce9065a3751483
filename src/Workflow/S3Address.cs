namespace Slipway.Workflow;

/// <summary>A place in S3.</summary>
/// <param name="Bucket">The bucket.</param>
/// <param name="Key">The key, or a prefix without the last slash.</param>
public sealed record S3Address(string Bucket, string Key)
{
    /// <summary>Reads <c>s3://bucket/key</c>; the key stands there as it is, without escapes.</summary>
    /// <exception cref="WorkflowException">It is something else.</exception>
    public static S3Address Parse(string uri)
    {
        ArgumentNullException.ThrowIfNull(uri);
        return uri.StartsWith("s3://", StringComparison.Ordinal) && uri["s3://".Length..].Split('/', 2) is [{ Length: > 0 } bucket, var key]
            ? new S3Address(bucket, key.TrimEnd('/'))
            : throw new WorkflowException($"'{uri}' is not a place in S3 (s3://bucket/key).");
    }
}
