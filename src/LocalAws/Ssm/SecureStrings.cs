using System.Text;
using Slipway.Aws.Wire;
using Slipway.LocalAws.Kms;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.Ssm;

/// <summary>The values of SecureStrings, encrypted by a KMS key with the parameter's ARN as context: https://docs.aws.amazon.com/kms/latest/developerguide/services-parameter-store.html</summary>
internal sealed class SecureStrings(KeyTable keys, Ciphertexts ciphertexts)
{
    /// <summary>The key of SecureStrings that name none.</summary>
    public const string DefaultKey = "alias/aws/ssm";

    /// <summary>Encrypts a value.</summary>
    /// <exception cref="AwsException">InvalidKeyId: the key is not there, or can't be used.</exception>
    public string Seal(string value, string keyId, string arn, Caller caller) => Told(() =>
        Convert.ToBase64String(ciphertexts.Encrypt(keys.Resolve(keyId, caller).Usable(), Encoding.UTF8.GetBytes(value), Context(arn))));

    /// <summary>The value of a parameter, decrypted where that is asked for and it is encrypted.</summary>
    /// <exception cref="AwsException">InvalidKeyId: the key is gone, or can't be used.</exception>
    public string ValueOf(StoredParameter parameter, bool? withDecryption) => withDecryption == true && parameter.Type == "SecureString"
        ? Told(() => Encoding.UTF8.GetString(ciphertexts.Decrypt(Convert.FromBase64String(parameter.Value), Context(parameter.Arn)).Plaintext))
        : parameter.Value;

    private static Dictionary<string, string> Context(string arn) => new() { ["PARAMETER_ARN"] = arn };

    private static string Told(Func<string> use)
    {
        try
        {
            return use();
        }
        catch (AwsException e)
        {
            throw SsmErrors.InvalidKey(e);
        }
    }
}
