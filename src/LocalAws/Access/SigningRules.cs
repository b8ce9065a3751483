using Microsoft.AspNetCore.Http;

namespace Slipway.LocalAws.Access;

/// <summary>How the requests of a service are signed.</summary>
/// <param name="Refusals">How it says that it does not take one.</param>
internal sealed record SigningRules(Refusals Refusals)
{
    /// <summary>Whether it is S3, where the path is signed as it is, and all its own headers are signed.</summary>
    public bool IsS3 { get; init; }

    /// <summary>What the request says of its body, which whoever reads that holds it to; null where the body is read and its hash computed.</summary>
    public Func<HttpRequest, Signature, string>? Payload { get; init; }

    /// <summary>The largest body that is taken, in bytes; S3 looks at this itself.</summary>
    public int LargestBody { get; init; } = RequestContent.LargestCommon;

    /// <summary>The requests that need no signature, or have it elsewhere than in the header or the query.</summary>
    public Func<HttpRequest, bool> TakesUnsigned { get; init; } = _ => false;

    /// <summary>Checks a signature of another kind than SigV4, or a password, and tells whose it is; null where the request has none.</summary>
    public Func<HttpContext, CredentialStore, Identity?>? CheckOther { get; init; }
}
