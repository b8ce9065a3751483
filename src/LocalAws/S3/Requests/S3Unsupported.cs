using Slipway.LocalAws.S3.Store;

namespace Slipway.LocalAws.S3.Requests;

/// <summary>Names what S3 has and local AWS has not, so that it is refused by name.</summary>
internal static class S3Unsupported
{
    /// <summary>The noun of each subresource of a bucket, as in GetBucketCors.</summary>
    private static readonly Dictionary<string, string> OfBucket = new()
    {
        ["abac"] = "BucketAbac", ["analytics"] = "BucketAnalyticsConfiguration", ["intelligent-tiering"] = "BucketIntelligentTieringConfiguration",
        ["inventory"] = "BucketInventoryConfiguration",
        ["metadataConfiguration"] = "BucketMetadataConfiguration", ["metadataTable"] = "BucketMetadataTableConfiguration",
        ["metrics"] = "BucketMetricsConfiguration", ["object-lock"] = "ObjectLockConfiguration",
    };

    /// <summary>The noun of each subresource of an object, as in GetObjectAcl.</summary>
    private static readonly Dictionary<string, string> OfObject = new()
    {
        ["encryption"] = "ObjectEncryption", ["legal-hold"] = "ObjectLegalHold", ["retention"] = "ObjectRetention", ["torrent"] = "ObjectTorrent",
    };

    /// <summary>Operations that are not named by a noun.</summary>
    private static readonly Dictionary<(S3Level Level, string Parameter), string> Others = new()
    {
        [(S3Level.Bucket, "session")] = "CreateSession",
        [(S3Level.Object, "restore")] = "RestoreObject", [(S3Level.Object, "select")] = "SelectObjectContent", [(S3Level.Object, "renameObject")] = "RenameObject",
    };

    /// <summary>Headers whose effect is not there, by how they begin.</summary>
    private static readonly string[] Headers =
    [
        "x-amz-object-lock-", "x-amz-bucket-object-lock-enabled", "x-amz-server-side-encryption-customer-", "x-amz-copy-source-server-side-encryption-customer-",
        "x-amz-write-offset-bytes", "x-amz-mfa", "x-amz-if-match-",
    ];

    private static readonly HashSet<string> ChecksumHeaders = new(
        [.. Digests.Algorithms.Concat(["algorithm", "mode", "type"]).Select(ChecksumHeader.Name)], StringComparer.OrdinalIgnoreCase);

    /// <summary>AWS's name of the operation that a request is for.</summary>
    /// <param name="request">The request.</param>
    /// <param name="level">What its path names.</param>
    /// <param name="unknown">Its query parameters that are not known.</param>
    /// <param name="found">The operation that it is but for those, or null.</param>
    public static string Operation(S3Request request, S3Level level, IReadOnlyList<string> unknown, string? found)
    {
        var nouns = level == S3Level.Bucket ? OfBucket : OfObject;
        foreach (var parameter in unknown)
        {
            if (Others.TryGetValue((level, parameter), out var other))
            {
                return $"S3.{other}";
            }

            if (level != S3Level.Service && nouns.TryGetValue(parameter, out var noun))
            {
                return $"S3.{Verb(request)}{noun}";
            }
        }

        return found is null
            ? $"S3's {request.Http.Request.Method} of a{(level == S3Level.Object ? "n" : "")} {level} with the parameter {string.Join(", ", unknown)}"
            : $"S3.{found} with the parameter {string.Join(", ", unknown)}";
    }

    /// <summary>A header that asks for what is not there, or null.</summary>
    public static string? Header(S3Request request) => UnknownChecksum(request) ?? request.Headers
        .Where(h => Headers.Any(name => h.Key.StartsWith(name, StringComparison.OrdinalIgnoreCase)) && !ChangesNothing(h.Key.ToLowerInvariant(), h.Value.ToString()))
        .Select(h => $"{h.Key.ToLowerInvariant()}: {h.Value}").FirstOrDefault();

    // a checksum that is not compared must not look as if it had been
    private static string? UnknownChecksum(S3Request request) => request.Headers.Keys
        .Concat((request.Header("x-amz-trailer") ?? "").Split(',', StringSplitOptions.TrimEntries))
        .FirstOrDefault(name => name.StartsWith(ChecksumHeader.Prefix, StringComparison.OrdinalIgnoreCase) && !ChecksumHeaders.Contains(name));

    private static bool ChangesNothing(string name, string value) => (name, value) switch
    {
        ("x-amz-bucket-object-lock-enabled", "false" or "False") => true,
        _ => false,
    };

    private static string Verb(S3Request request) => request.Http.Request.Method switch
    {
        "PUT" => "Put",
        "DELETE" => "Delete",
        "POST" => "Create",
        _ => "Get",
    };
}
