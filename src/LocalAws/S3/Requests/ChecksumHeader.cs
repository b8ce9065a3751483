using Slipway.Aws.Wire;
using Slipway.LocalAws.S3.Store;

namespace Slipway.LocalAws.S3.Requests;

/// <summary>The checksum that a request brings, in a header or, announced by x-amz-trailer, after its body.</summary>
/// <param name="Algorithm">Its algorithm.</param>
/// <param name="Value">Its value in base64; null where it comes after the body.</param>
internal sealed record ChecksumHeader(string Algorithm, string? Value)
{
    /// <summary>What the headers of checksums begin with.</summary>
    public const string Prefix = "x-amz-checksum-";

    private static readonly string[] Unsupported = ["SHA512", "MD5", "XXHASH64", "XXHASH3", "XXHASH128"];

    /// <summary>The name of the header.</summary>
    public static string Name(string algorithm) => Prefix + algorithm.ToLowerInvariant();

    /// <summary>The checksum of a request, or null.</summary>
    /// <exception cref="Aws.Wire.AwsException">InvalidRequest: several of them.</exception>
    public static ChecksumHeader? Of(S3Request request)
    {
        var trailers = (request.Header("x-amz-trailer") ?? "").Split(',', StringSplitOptions.TrimEntries);
        var found = Digests.Algorithms
            .Where(a => request.Header(Name(a)) is not null || trailers.Contains(Name(a), StringComparer.OrdinalIgnoreCase))
            .Select(a => new ChecksumHeader(a, request.Header(Name(a)))).ToList();
        return found.Count <= 1 ? found.FirstOrDefault()
            : throw S3Errors.InvalidRequest("Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.");
    }

    /// <summary>An algorithm's name as S3 writes it, or null for null.</summary>
    /// <exception cref="Aws.Wire.AwsException">InvalidRequest: S3 has none of that name. NotImplemented: local AWS has it not.</exception>
    public static string? CheckAlgorithm(string? algorithm) => algorithm is null ? null
        : Unsupported.Contains(algorithm, StringComparer.OrdinalIgnoreCase) ? throw AwsErrors.NotImplemented($"S3's checksum algorithm {algorithm}")
        : Digests.Algorithms.FirstOrDefault(a => a.Equals(algorithm, StringComparison.OrdinalIgnoreCase))
            ?? throw S3Errors.InvalidRequest($"Checksum algorithm provided is unsupported. Please try again with any of the valid types: [{string.Join(", ", Digests.Algorithms)}]");

    /// <summary>Compares it with what was computed.</summary>
    public void Verify(Digests digests, IReadOnlyDictionary<string, string>? trailers)
    {
        var name = Name(Algorithm);
        var given = Value ?? trailers?.GetValueOrDefault(name) ?? throw S3Errors.MalformedTrailer($"it announces {name} and does not end with it");
        var computed = digests.Value(Algorithm);
        if (!Convert.TryFromBase64String(given, new byte[given.Length], out var length) || length != Convert.FromBase64String(computed).Length)
        {
            throw S3Errors.InvalidRequest($"Value for {name} header is invalid.");
        }

        if (given != computed)
        {
            throw S3Errors.Bad("BadDigest", $"The {Algorithm} you specified did not match the calculated checksum.");
        }
    }
}
