using System.Globalization;
using System.Security.Cryptography;
using System.Xml;
using System.Xml.Linq;
using Slipway.Aws.Wire;
using Slipway.LocalAws.S3.Store;

namespace Slipway.LocalAws.S3.Requests;

/// <summary>
/// The content that a request carries, out of the coding that it came in, and what it must be: the request's length,
/// MD5, SHA-256 and checksum: https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html
/// </summary>
internal sealed class RequestBody : ForwardStream
{
    private const int LargestDocument = 8 << 20;
    private readonly S3Request _request;
    private readonly Stream _content;
    private readonly AwsChunkedStream? _chunked;
    private readonly string? _sha256;
    private readonly ChecksumHeader? _checksum;
    private readonly long _length;
    private long _read;

    /// <param name="request">The request.</param>
    /// <param name="algorithm">The checksum to compute where the request brings none.</param>
    /// <param name="always">The checksum to compute beside what the request brings, or null.</param>
    /// <param name="checksum">Whether the request's checksum is that of this body.</param>
    /// <param name="mayBeAbsent">Whether a request that says nothing of its body has none, instead of being refused.</param>
    /// <exception cref="Aws.Wire.AwsException">MissingContentLength, NotImplemented, InvalidArgument, InvalidRequest.</exception>
    public RequestBody(S3Request request, string? algorithm = null, string? always = null, bool checksum = true, bool mayBeAbsent = false)
    {
        _request = request;
        var payload = PayloadHash.Declared(request.Http.Request) ?? "";
        _sha256 = PayloadHash.IsHash(payload) ? payload : null;
        _content = request.Http.Request.Body;
        if (payload.StartsWith("STREAMING-", StringComparison.Ordinal))
        {
            _content = _chunked = new AwsChunkedStream(_content, ChunkSignatures.Of(request.Http, payload));
            _length = DecodedLength(request.Header("x-amz-decoded-content-length"));
        }
        else
        {
            _length = request.Http.Request.ContentLength
                ?? (request.Header("Transfer-Encoding") is not null ? throw S3Errors.NoTransferEncoding() : mayBeAbsent ? 0 : throw S3Errors.MissingContentLength());
        }

        _checksum = checksum ? ChecksumHeader.Of(request) : null;
        Digests = new(always ?? _checksum?.Algorithm ?? algorithm ?? Digests.DefaultAlgorithm, _sha256 is not null, _checksum?.Algorithm);
    }

    /// <summary>What takes every byte; the one who reads appends them.</summary>
    public Digests Digests { get; }

    /// <summary>The algorithm whose checksum came with the request, or null.</summary>
    public string? Algorithm => _checksum?.Algorithm;

    /// <summary>The bytes that are to come.</summary>
    public override long Length => _length;

    /// <summary>Reads a body that is XML, its elements freed of their namespace.</summary>
    /// <param name="request">The request.</param>
    /// <param name="ofObject">Whether a checksum that comes with it is an object's, and not that of the XML.</param>
    /// <exception cref="Aws.Wire.AwsException">MalformedXML, and those of <see cref="ReadWhole"/>.</exception>
    public static async Task<XElement> ReadXml(S3Request request, bool ofObject = false) => ParseXml(await ReadWhole(request, checksum: !ofObject));

    /// <summary>Reads XML, its elements freed of their namespace.</summary>
    /// <exception cref="Aws.Wire.AwsException">MalformedXML.</exception>
    public static XElement ParseXml(byte[] bytes)
    {
        try
        {
            using var reader = XmlReader.Create(new MemoryStream(bytes), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit });
            var root = XElement.Load(reader, LoadOptions.PreserveWhitespace);
            foreach (var element in root.DescendantsAndSelf())
            {
                element.Name = element.Name.LocalName;
            }

            return root;
        }
        catch (XmlException e)
        {
            // of what is prohibited, or not there at all, the reader gives no place
            throw S3Errors.MalformedXml(
                e.LineNumber != 0 ? $"it can't be read from line {e.LineNumber}, character {e.LinePosition} on"
                : bytes.AsSpan().IndexOf("<!DOCTYPE"u8) >= 0 ? "it has a document type declaration" : "it has no element");
        }
    }

    /// <summary>Reads a body that is a document, and not an object's content.</summary>
    /// <param name="request">The request.</param>
    /// <param name="checksum">Whether the request's checksum is that of this body.</param>
    /// <exception cref="Aws.Wire.AwsException">MaxMessageLengthExceeded, and those of <see cref="Verify"/>.</exception>
    public static async Task<byte[]> ReadWhole(S3Request request, bool checksum = true)
    {
        await using var body = new RequestBody(request, checksum: checksum, mayBeAbsent: true);
        if (body.Length > LargestDocument)
        {
            throw S3Errors.Bad("MaxMessageLengthExceeded", "Your request was too big.");
        }

        var bytes = new byte[body.Length];
        await body.ReadExactlyAsync(bytes, request.Cancellation);
        // one more read takes the trailers
        _ = await body.ReadAsync(new byte[1], request.Cancellation);
        body.Digests.Append(bytes);
        body.Verify();
        return bytes;
    }

    /// <summary>Refuses a request that brings nothing to check its body by, where S3 asks for that.</summary>
    /// <exception cref="Aws.Wire.AwsException">InvalidRequest.</exception>
    public static void RequireChecksum(S3Request request)
    {
        if (request.Header("Content-MD5") is null && ChecksumHeader.Of(request) is null)
        {
            throw S3Errors.InvalidRequest("Missing required header for this request: Content-MD5 OR x-amz-checksum-*");
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await _content.ReadAsync(buffer, cancellationToken);
        _read += read;
        return (read == 0 && buffer.Length > 0 && _read != _length) || _read > _length
            ? throw S3Errors.IncompleteBody($"{_read} bytes came and {_length} were announced")
            : read;
    }

    /// <summary>Compares what the digests took with what came beside the body, which has been read to its end.</summary>
    /// <exception cref="Aws.Wire.AwsException">BadDigest, InvalidDigest, XAmzContentSHA256Mismatch, MalformedTrailerError, InvalidRequest.</exception>
    public void Verify()
    {
        if (_sha256 is not null && !_sha256.Equals(Convert.ToHexString(Digests.Payload()!), StringComparison.OrdinalIgnoreCase))
        {
            throw S3Errors.Bad(
                "XAmzContentSHA256Mismatch", "The provided 'x-amz-content-sha256' header does not match what was computed.",
                ("ClientComputedContentSHA256", _sha256), ("S3ComputedContentSHA256", Convert.ToHexStringLower(Digests.Payload()!)));
        }

        VerifyMd5(_request, Digests);
        _checksum?.Verify(Digests, _chunked?.Trailers);
    }

    /// <summary>Compares a content with the MD5 that came with its request, where one did.</summary>
    /// <exception cref="Aws.Wire.AwsException">BadDigest, InvalidDigest.</exception>
    public static void VerifyMd5(S3Request request, Digests digests)
    {
        if (request.Header("Content-MD5") is not { } given)
        {
            return;
        }

        var md5 = new byte[MD5.HashSizeInBytes];
        if (!Convert.TryFromBase64String(given, md5, out var written) || written != md5.Length)
        {
            throw S3Errors.Bad("InvalidDigest", "The Content-MD5 you specified was invalid.", ("Content-MD5", given));
        }

        if (!md5.AsSpan().SequenceEqual(digests.Md5()))
        {
            throw S3Errors.Bad(
                "BadDigest", "The Content-MD5 you specified did not match what we received.",
                ("ExpectedDigest", given), ("CalculatedDigest", Convert.ToBase64String(digests.Md5())));
        }
    }

    protected override void Dispose(bool disposing)
    {
        Digests.Dispose();
        _chunked?.Dispose();
        base.Dispose(disposing);
    }

    private static long DecodedLength(string? header) => header is null ? throw S3Errors.MissingContentLength()
        : long.TryParse(header, NumberStyles.None, CultureInfo.InvariantCulture, out var length) ? length
        : throw S3Errors.InvalidArgument($"{header} is not a length in bytes.", "x-amz-decoded-content-length", header);
}
