using System.Security.Cryptography;
using Slipway.Aws.Wire;
using Slipway.LocalAws.Kms;
using Slipway.LocalAws.S3.Objects;
using Slipway.LocalAws.S3.Settings;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.S3.Store;

/// <summary>
/// SSE-KMS: an object's files are encrypted with a data key of its own, which is kept encrypted by a KMS key, so that
/// who reads the object needs that key: https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
/// </summary>
internal sealed class ObjectEncryption(LocalAwsOptions options, KeyTable keys, Ciphertexts ciphertexts)
{
    private const string DefaultKey = "alias/aws/s3";
    private const int DataKeySize = 32;

    /// <summary>Settles how a new object is encrypted: as its request says, else as its bucket does.</summary>
    /// <param name="bucket">The bucket.</param>
    /// <param name="key">The object's key.</param>
    /// <param name="headers">What came with it.</param>
    /// <returns>What is kept with it, and the data key that its files are to be written with; null where they are not encrypted.</returns>
    /// <exception cref="AwsException">KMS.NotFoundException, KMS.DisabledException, KMS.KMSInvalidStateException.</exception>
    public (ObjectHeaders Headers, byte[]? DataKey) Begin(Bucket bucket, string key, ObjectHeaders headers)
    {
        var asked = headers.Standard;
        var byDefault = BucketEncryption.DefaultOf(bucket);
        var algorithm = asked.GetValueOrDefault(EncryptionHeaders.Algorithm) ?? byDefault?.Algorithm ?? EncryptionHeaders.Aes256;
        if (algorithm != EncryptionHeaders.Kms)
        {
            return (With(headers, (EncryptionHeaders.Algorithm, algorithm)), null);
        }

        var name = asked.GetValueOrDefault(EncryptionHeaders.KeyId) ?? (asked.ContainsKey(EncryptionHeaders.Algorithm) ? null : byDefault?.KeyId) ?? DefaultKey;
        var bucketKey = asked.TryGetValue(EncryptionHeaders.BucketKey, out var text) ? bool.Parse(text) : byDefault?.BucketKey == true;
        return Told(() =>
        {
            // S3 uses the keys of the bucket's region
            var kms = keys.Resolve(name, new Caller(options.AccountId, bucket.Region, "", "")).Usable();
            var kept = With(
                headers, (EncryptionHeaders.Algorithm, algorithm), (EncryptionHeaders.KeyId, kms.Arn), (EncryptionHeaders.BucketKey, bucketKey ? "true" : null),
                (EncryptionHeaders.Context, asked.GetValueOrDefault(EncryptionHeaders.Context)));
            var dataKey = RandomNumberGenerator.GetBytes(DataKeySize);
            return (kept with { SealedDataKey = ciphertexts.Encrypt(kms, dataKey, Context(bucket.Name, key, kept)) }, (byte[]?)dataKey);
        });
    }

    /// <summary>The data key of an object, or of an upload that is to be one; null where it is not encrypted.</summary>
    /// <exception cref="AwsException">KMS.DisabledException, KMS.KMSInvalidStateException; AccessDenied where the KMS key is gone.</exception>
    public byte[]? DataKey(string bucket, string key, ObjectHeaders headers) => headers.SealedDataKey is { } sealedKey
        ? Told(() => ciphertexts.Decrypt(sealedKey, Context(bucket, key, headers)).Plaintext)
        : null;

    /// <summary>Checks that an object can be read. A checksum tells of the content, so it is told to those alone who may read that.</summary>
    /// <exception cref="AwsException">As <see cref="DataKey"/>.</exception>
    public void RequireKey(StoredObject stored) => DataKey(stored.Bucket, stored.Key, stored.Headers);

    private static ObjectHeaders With(ObjectHeaders headers, params IEnumerable<(string Name, string? Value)> encryption) => headers with
    {
        Standard = headers.Standard.Where(h => !h.Key.StartsWith(EncryptionHeaders.Algorithm, StringComparison.Ordinal))
            .Concat(encryption.Where(h => h.Value is not null).Select(h => KeyValuePair.Create(h.Name, h.Value!))).ToDictionary(),
        SealedDataKey = null,
    };

    // with a bucket key it is the bucket that the KMS key is asked for, not each object
    private static Dictionary<string, string> Context(string bucket, string key, ObjectHeaders headers) => new(EncryptionHeaders.ContextOf(headers.Standard))
    {
        ["aws:s3:arn"] = headers.Standard.ContainsKey(EncryptionHeaders.BucketKey) ? $"arn:aws:s3:::{bucket}" : $"arn:aws:s3:::{bucket}/{key}",
    };

    /// <summary>Tells an error of KMS as S3 does.</summary>
    private static T Told<T>(Func<T> use)
    {
        try
        {
            return use();
        }
        catch (AwsException e)
        {
            throw e.Code == "AccessDeniedException" ? S3Errors.AccessDenied(e.Message) : S3Errors.Bad("KMS." + e.Code, e.Message);
        }
    }
}
