using System.Net;
using Slipway.Aws.Wire;

namespace Slipway.LocalAws.Access;

/// <summary>How a service says, in AWS's own codes and words, that it does not take a request.</summary>
internal abstract class Refusals
{
    /// <summary>There is no signature.</summary>
    public abstract AwsException NotSigned();

    /// <summary>The signature is not whole.</summary>
    public abstract AwsException Malformed(string what, bool inQuery);

    /// <summary>Nothing says when it was signed.</summary>
    public abstract AwsException NoDate();

    /// <summary>Nobody has the access key.</summary>
    public abstract AwsException UnknownKey(string accessKeyId);

    /// <summary>The session token is not the access key's.</summary>
    public abstract AwsException InvalidToken(string token);

    /// <summary>The session has ended.</summary>
    public abstract AwsException ExpiredToken(string token);

    /// <summary>The signature is another one than the secret gives.</summary>
    public abstract AwsException WrongSignature(Signature signature, string toSign, string canonical);

    /// <summary>It was signed too long ago, or is from the future.</summary>
    public abstract AwsException Skewed(Signature signature, DateTimeOffset now);

    /// <summary>The presigned URL is good no longer.</summary>
    public abstract AwsException UrlExpired(Signature signature, DateTimeOffset now);

    /// <summary>The scope of the signature names what is no region.</summary>
    public abstract AwsException WrongRegion(string region, string expected, bool inQuery);

    /// <summary>Headers that must be signed are not.</summary>
    public abstract AwsException HeadersNotSigned(IReadOnlyList<string> names);

    /// <summary>The body is larger than the service takes.</summary>
    public abstract AwsException TooLarge(int largest);

    /// <summary>The rest of the request did not come in time.</summary>
    public abstract AwsException TooSlow();

    /// <summary>The HTTP of the request is broken.</summary>
    public virtual AwsException BrokenHttp(int status, string what) => new("BadRequest", (HttpStatusCode)status, what);

    /// <summary>A way of signing that local AWS does not check.</summary>
    public static AwsException NotSupported(string algorithm) => AwsErrors.NotImplemented(
        algorithm == Signature.Asymmetric ? $"SigV4a ({algorithm}); sign with {Signature.Algorithm}" : $"the signing algorithm '{algorithm}'; sign with {Signature.Algorithm}");
}

/// <summary>The refusals that all services but S3 share, by their protocol: https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html</summary>
/// <param name="protocol">The protocol.</param>
/// <param name="tooLarge">The error for a body that is too large, where the service has its own.</param>
internal sealed class CommonRefusals(AwsProtocol protocol, Func<int, AwsException>? tooLarge = null) : Refusals
{
    private readonly bool _isQuery = protocol == AwsProtocol.Query;

    // the services of JSON answer 400 where the others answer 403
    private readonly HttpStatusCode _denied = protocol == AwsProtocol.Json ? HttpStatusCode.BadRequest : HttpStatusCode.Forbidden;

    public override AwsException NotSigned() => Make("MissingAuthenticationToken", "MissingAuthenticationTokenException", "Request is missing Authentication Token");

    public override AwsException Malformed(string what, bool inQuery) =>
        new(_isQuery ? "IncompleteSignature" : "IncompleteSignatureException", HttpStatusCode.BadRequest, what);

    public override AwsException NoDate() => Malformed("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.", inQuery: false);

    public override AwsException UnknownKey(string accessKeyId) =>
        Make("InvalidClientTokenId", "UnrecognizedClientException", "The security token included in the request is invalid.");

    public override AwsException InvalidToken(string token) => UnknownKey("");

    public override AwsException ExpiredToken(string token) => Make("ExpiredToken", "ExpiredTokenException", "The security token included in the request is expired");

    public override AwsException WrongSignature(Signature signature, string toSign, string canonical) => Mismatch(
        "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. "
        + $"Consult the service documentation for details.\n\nThe Canonical String for this request should have been\n'{canonical}'\n\nThe String-to-Sign should have been\n'{toSign}'\n");

    public override AwsException Skewed(Signature signature, DateTimeOffset now)
    {
        var minutes = TimeSpan.FromMinutes(Authentication.MostSkewMinutes);
        return Mismatch(signature.Time < now
            ? $"Signature expired: {signature.SignedAt} is now earlier than {Signature.Text(now - minutes)} ({Signature.Text(now)} - {minutes.TotalMinutes:0} min.)"
            : $"Signature not yet current: {signature.SignedAt} is still later than {Signature.Text(now + minutes)} ({Signature.Text(now)} + {minutes.TotalMinutes:0} min.)");
    }

    public override AwsException UrlExpired(Signature signature, DateTimeOffset now) => Mismatch(
        $"Signature expired: {signature.SignedAt} is now earlier than {Signature.Text(now.AddSeconds(-signature.Expires!.Value))} ({Signature.Text(now)} - {signature.Expires / 60.0:0.##} min.)");

    public override AwsException WrongRegion(string region, string expected, bool inQuery) => Mismatch($"Credential should be scoped to a valid region, not '{region}'.");

    public override AwsException HeadersNotSigned(IReadOnlyList<string> names) =>
        Mismatch($"{string.Join(", ", names.Select(n => $"'{n}'"))} must be a 'SignedHeader' in the AWS Authorization.");

    public override AwsException TooLarge(int largest) => tooLarge?.Invoke(largest)
        ?? new("RequestEntityTooLargeException", HttpStatusCode.RequestEntityTooLarge, $"The body is larger than {largest >> 20} MB.");

    public override AwsException TooSlow() => new("RequestTimeoutException", HttpStatusCode.RequestTimeout, "The rest of the request did not come in time.");

    /// <summary>The scope of the signature names another service than the request.</summary>
    public AwsException WrongService(string expected) => Mismatch($"Credential should be scoped to correct service: '{expected}'.");

    private AwsException Mismatch(string message) => Make("SignatureDoesNotMatch", "InvalidSignatureException", message);

    private AwsException Make(string query, string json, string message) => new(_isQuery ? query : json, _denied, message);
}
