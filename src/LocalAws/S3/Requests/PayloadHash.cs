using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Slipway.Aws.Wire;
using Slipway.LocalAws.Access;

namespace Slipway.LocalAws.S3.Requests;

/// <summary>What an S3 request says of its body: its SHA-256, or how it is signed instead: https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html</summary>
internal static class PayloadHash
{
    /// <summary>Chunks that are not signed, with a checksum after them.</summary>
    public const string StreamingUnsignedTrailer = "STREAMING-UNSIGNED-PAYLOAD-TRAILER";

    /// <summary>Signed chunks.</summary>
    public const string StreamingSigned = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD";

    /// <summary>Signed chunks and a signed checksum after them.</summary>
    public const string StreamingSignedTrailer = StreamingSigned + "-TRAILER";

    private const string Header = "x-amz-content-sha256";
    private const string Asymmetric = "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD";

    /// <summary>What a request says, or null where it says nothing; a presigned URL's own word comes first.</summary>
    public static string? Declared(HttpRequest request) =>
        request.Query[Header] is [{ Length: > 0 } presigned, ..] ? presigned : request.Headers[Header] is [{ } header, ..] ? header : null;

    /// <summary>Whether it is the SHA-256 of a body.</summary>
    public static bool IsHash(string? payload) => payload is { Length: 2 * SHA256.HashSizeInBytes } && payload.All(char.IsAsciiHexDigit);

    /// <summary>What is signed of a body.</summary>
    /// <exception cref="AwsException">InvalidRequest, InvalidArgument, NotImplemented.</exception>
    public static string Signed(HttpRequest request, Signature signature)
    {
        var payload = Declared(request) ?? (signature.Expires is null ? throw S3Errors.InvalidRequest($"Missing required header for this request: {Header}") : Signature.UnsignedPayload);
        return payload.StartsWith(Asymmetric, StringComparison.Ordinal) ? throw Refusals.NotSupported(Signature.Asymmetric)
            : IsHash(payload) || payload is Signature.UnsignedPayload or StreamingUnsignedTrailer or StreamingSigned or StreamingSignedTrailer ? payload
            : throw S3Errors.InvalidArgument(
                $"{Header} must be {Signature.UnsignedPayload}, {StreamingUnsignedTrailer}, {StreamingSigned}, {StreamingSignedTrailer}, or a valid sha256 value.", Header, payload);
    }
}
