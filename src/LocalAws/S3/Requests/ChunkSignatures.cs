using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Slipway.Aws.Wire;
using Slipway.LocalAws.Access;

namespace Slipway.LocalAws.S3.Requests;

/// <summary>
/// The signatures of a body's chunks, each of which is over the one before, the first over the request's:
/// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
/// </summary>
internal sealed class ChunkSignatures : IDisposable
{
    private static readonly S3Refusals Refusals = new();
    private static readonly string EmptyHash = Convert.ToHexStringLower(SHA256.HashData([]));
    private readonly CheckedSignature _request;
    private readonly IncrementalHash _chunk = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private string _previous;

    private ChunkSignatures(CheckedSignature request, bool trailer) => (_request, _previous, HasTrailer) = (request, request.Signature.Value, trailer);

    /// <summary>Whether the headers after the last chunk are signed too.</summary>
    public bool HasTrailer { get; }

    /// <summary>The signatures that the chunks of a request must have, or null where they need none.</summary>
    public static ChunkSignatures? Of(HttpContext http, string payload) =>
        payload is PayloadHash.StreamingSigned or PayloadHash.StreamingSignedTrailer && http.Features.Get<CheckedSignature>() is { } request
            ? new(request, payload == PayloadHash.StreamingSignedTrailer) : null;

    /// <summary>Takes bytes of the chunk.</summary>
    public void Append(ReadOnlySpan<byte> content) => _chunk.AppendData(content);

    /// <summary>Ends a chunk.</summary>
    /// <exception cref="AwsException">SignatureDoesNotMatch: the chunk has another signature.</exception>
    public void EndChunk(string? given) => Check("PAYLOAD", $"{EmptyHash}\n{Convert.ToHexStringLower(_chunk.GetHashAndReset())}", given);

    /// <summary>Ends the headers after the last chunk.</summary>
    /// <exception cref="AwsException">SignatureDoesNotMatch: they have another signature.</exception>
    public void EndTrailers(IEnumerable<(string Name, string Value)> trailers, string? given) => Check(
        "TRAILER", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(trailers.Select(t => $"{t.Name}:{t.Value}\n"))))), given);

    public void Dispose() => _chunk.Dispose();

    private void Check(string kind, string hashes, string? given)
    {
        var signature = _request.Signature;
        var text = $"{Signature.Algorithm}-{kind}\n{signature.SignedAt}\n{signature.Scope}\n{_previous}\n{hashes}";
        var expected = SigningKeys.Sign(_request.Key, text);
        if (given is null || !SigningCredential.Same(expected, given))
        {
            throw Refusals.WrongSignature(signature with { Value = given ?? "" }, text, "");
        }

        _previous = expected;
    }
}
