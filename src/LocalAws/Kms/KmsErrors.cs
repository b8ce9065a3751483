using System.Net;
using Slipway.Aws.Wire;

namespace Slipway.LocalAws.Kms;

/// <summary>KMS's own errors: https://docs.aws.amazon.com/kms/latest/APIReference/CommonErrors.html</summary>
internal static class KmsErrors
{
    public static AwsException NoKey(string arn) => Make("NotFoundException", $"Key '{arn}' does not exist");

    public static AwsException InvalidKeyId(string id) => Make("NotFoundException", $"Invalid keyId '{id}'");

    public static AwsException NoAlias(string arn) => Make("NotFoundException", $"Alias {arn} is not found.");

    public static AwsException NoPolicy() => Make("NotFoundException", "No such policy exists");

    public static AwsException NoGrant(string id) => Make("NotFoundException", $"Grant ID {id} not found");

    public static AwsException AliasExists(string arn) => Make("AlreadyExistsException", $"An alias with the name {arn} already exists");

    public static AwsException Disabled(string arn) => Make("DisabledException", $"{arn} is disabled.");

    public static AwsException InvalidState(string message) => Make("KMSInvalidStateException", message);

    public static AwsException InvalidCiphertext(string why) => Make("InvalidCiphertextException", why);

    public static AwsException IncorrectKey() =>
        Make("IncorrectKeyException", "The key ID in the request does not identify a CMK that can perform this operation.");

    /// <summary>What KMS answers for the ciphertext of a key that is not there: it does not say which of the three it is.</summary>
    public static AwsException UnknownKeyOfCiphertext() => Make(
        "AccessDeniedException",
        "The ciphertext refers to a customer master key that does not exist, does not exist in this region, or you are not allowed to access.");

    public static AwsException InvalidKeyUsage(string algorithm) =>
        Make("InvalidKeyUsageException", $"The algorithm {algorithm} is incompatible with key spec SYMMETRIC_DEFAULT.");

    public static AwsException Managed(string operation, string arn) => Make(
        "AccessDeniedException", $"{arn} is an AWS managed key: kms:{operation} is not allowed on it.");

    public static AwsException LimitExceeded(string message) => Make("LimitExceededException", message);

    public static AwsException Tag(string message) => Make("TagException", message);

    public static AwsException MalformedPolicy(string message) => Make("MalformedPolicyDocumentException", message);

    public static AwsException InvalidMarker() => Make("InvalidMarkerException", "The marker is not one that this listing gave.");

    public static AwsException InvalidGrantToken() => Make("InvalidGrantTokenException", "The grant token is not one that CreateGrant gave, or its grant has ended.");

    public static AwsException DryRun() => Make("DryRunOperationException", "The request would have succeeded, but the DryRun option is set.");

    private static AwsException Make(string code, string message) => new(code, HttpStatusCode.BadRequest, message);
}
