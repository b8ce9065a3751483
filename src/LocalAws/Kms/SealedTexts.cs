using System.Net;
using System.Text;
using Slipway.Aws.Wire;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.Kms;

/// <summary>The texts that another service keeps encrypted by its users' keys.</summary>
/// <param name="keys">The keys.</param>
/// <param name="ciphertexts">What encrypts.</param>
/// <param name="prefix">What stands before KMS's errors in that service's own codes: <c>Kms</c> makes <c>KmsDisabled</c> of <c>DisabledException</c>.</param>
internal abstract class SealedTexts(KeyTable keys, Ciphertexts ciphertexts, string prefix)
{
    /// <summary>Checks that a key can be named.</summary>
    /// <exception cref="AwsException">KMS does not have it, by the service's own code.</exception>
    public void RequireKey(string id, Caller caller) => Told(() => keys.Resolve(id, caller));

    /// <summary>A text encrypted by a key, in base64.</summary>
    /// <exception cref="AwsException">The key can't be used, by the service's own code.</exception>
    protected string Encrypt(string text, string key, Dictionary<string, string> context, Caller caller) =>
        Told(() => Convert.ToBase64String(ciphertexts.Encrypt(keys.Resolve(key, caller).Usable(), Encoding.UTF8.GetBytes(text), context)));

    /// <summary>What <see cref="Encrypt"/> was given.</summary>
    /// <exception cref="AwsException">The key can't be used, by the service's own code.</exception>
    protected string Decrypt(string text, Dictionary<string, string> context) =>
        Told(() => Encoding.UTF8.GetString(ciphertexts.Decrypt(Convert.FromBase64String(text), context).Plaintext));

    private T Told<T>(Func<T> use)
    {
        try
        {
            return use();
        }
        catch (AwsException e)
        {
            var code = e.Code switch
            {
                "AccessDeniedException" => "AccessDenied",
                "DisabledException" => "Disabled",
                "NotFoundException" => "NotFound",
                _ => "InvalidState",
            };
            throw new AwsException(prefix + code, HttpStatusCode.BadRequest, e.Message, inner: e);
        }
    }
}
