using System.Text.Json;
using Slipway.Aws.Wire;
using Slipway.LocalAws.S3.Requests;

namespace Slipway.LocalAws.S3.Objects;

/// <summary>The headers that say how an object is encrypted: https://docs.aws.amazon.com/AmazonS3/latest/userguide/specifying-kms-encryption.html</summary>
internal static class EncryptionHeaders
{
    /// <summary>AES256 or aws:kms.</summary>
    public const string Algorithm = "x-amz-server-side-encryption";

    /// <summary>The KMS key: as it was named in a request, its ARN where it is kept.</summary>
    public const string KeyId = Algorithm + "-aws-kms-key-id";

    /// <summary>true where the key serves the whole bucket.</summary>
    public const string BucketKey = Algorithm + "-bucket-key-enabled";

    /// <summary>The encryption context: a map of strings as JSON in Base64.</summary>
    public const string Context = Algorithm + "-context";

    /// <summary>The value of <see cref="Algorithm"/> that asks for KMS.</summary>
    public const string Kms = "aws:kms";

    /// <summary>The value of <see cref="Algorithm"/> that S3's own keys have, which holds where nothing else is said.</summary>
    public const string Aes256 = "AES256";

    /// <summary>The headers that ask for a KMS key.</summary>
    public static IReadOnlyDictionary<string, string> Of(string kmsKeyId) => new Dictionary<string, string> { [Algorithm] = Kms, [KeyId] = kmsKeyId };

    /// <summary>Refuses a request that says how to encrypt and makes no object.</summary>
    /// <exception cref="AwsException">InvalidArgument.</exception>
    public static void Refuse(S3Request request)
    {
        if (request.Header(Algorithm) is { } algorithm)
        {
            throw S3Errors.InvalidArgument($"{Algorithm} header is not supported for this operation.", Algorithm, algorithm);
        }
    }

    /// <summary>Refuses a URL of signature version 2 for an object that a KMS key encrypts.</summary>
    /// <param name="request">The request.</param>
    /// <param name="kept">The object's headers.</param>
    /// <exception cref="AwsException">InvalidArgument.</exception>
    public static void RequireVersion4(S3Request request, IReadOnlyDictionary<string, string> kept)
    {
        if (kept.GetValueOrDefault(Algorithm) == Kms && SignatureVersion2.IsPresigned(request.Http.Request))
        {
            throw S3Errors.InvalidArgument(
                "Requests specifying Server Side Encryption with AWS KMS managed keys require AWS Signature Version 4.", "Authorization", "null");
        }
    }

    /// <summary>Checks what a request says.</summary>
    /// <exception cref="AwsException">InvalidArgument, NotImplemented.</exception>
    public static void Check(IReadOnlyDictionary<string, string> headers)
    {
        var algorithm = headers.GetValueOrDefault(Algorithm);
        if (algorithm == "aws:kms:dsse")
        {
            throw AwsErrors.NotImplemented("S3's dual-layer encryption, aws:kms:dsse");
        }

        if (algorithm is not (null or Aes256 or Kms))
        {
            throw S3Errors.InvalidArgument("The encryption method specified is not supported", Algorithm, algorithm);
        }

        if (algorithm != Kms && (headers.ContainsKey(KeyId) || headers.ContainsKey(Context)))
        {
            throw S3Errors.InvalidArgument(
                $"Server Side Encryption with AWS KMS managed key requires HTTP header {Algorithm} : {Kms}", Algorithm, algorithm ?? "null");
        }

        if (headers.TryGetValue(BucketKey, out var bucketKey) && !bool.TryParse(bucketKey, out _))
        {
            throw S3Errors.InvalidArgument("The value must be true or false", BucketKey, bucketKey);
        }

        _ = ContextOf(headers);
    }

    /// <summary>The encryption context that a request gave, or an empty one.</summary>
    /// <exception cref="AwsException">InvalidArgument.</exception>
    public static Dictionary<string, string> ContextOf(IReadOnlyDictionary<string, string> headers)
    {
        if (headers.GetValueOrDefault(Context) is not { } text)
        {
            return [];
        }

        try
        {
            return JsonSerializer.Deserialize<Dictionary<string, string>>(Convert.FromBase64String(text)) is { } context && context.Values.All(v => v is not null)
                ? context
                : throw Invalid();
        }
        catch (Exception e) when (e is FormatException or JsonException)
        {
            throw Invalid();
        }

        AwsException Invalid() => S3Errors.InvalidArgument("The encryption context must be a JSON object of strings, encoded in Base64", Context, text);
    }
}
