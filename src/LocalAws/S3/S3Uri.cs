using Slipway.Aws.Wire;

namespace Slipway.LocalAws.S3;

/// <summary>A place in S3, written <c>s3://bucket/key</c>.</summary>
/// <param name="Bucket">The bucket.</param>
/// <param name="Key">The key, or the prefix of keys; empty for the whole bucket.</param>
internal sealed record S3Uri(string Bucket, string Key)
{
    private const string Scheme = "s3://";

    /// <summary>Reads a URI.</summary>
    /// <exception cref="AwsException">ValidationException: it is no S3 URI.</exception>
    public static S3Uri Parse(string uri)
    {
        var parts = uri.StartsWith(Scheme, StringComparison.Ordinal) ? uri[Scheme.Length..].Split('/', 2) : [""];
        return parts[0].Length > 0
            ? new(parts[0], parts.Length > 1 ? parts[1] : "")
            : throw AwsErrors.Validation($"'{uri}' is not an S3 URI: s3://bucket/key is expected.");
    }

    /// <summary>A place below this one.</summary>
    public S3Uri Append(string path) => this with { Key = Key.Length == 0 ? path : $"{Key.TrimEnd('/')}/{path}" };

    /// <inheritdoc/>
    public override string ToString() => $"{Scheme}{Bucket}/{Key}";
}
