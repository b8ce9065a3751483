using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using Slipway.Aws.Wire;
using Slipway.LocalAws.Access;
using Slipway.LocalAws.Sns.Deliveries;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.Sns;

/// <summary>The addresses that messages name, which are asked for without a signature: confirm, unsubscribe, and the certificate of signatures.</summary>
internal sealed class SnsLinks(RecordProtocols protocols, MessageSigner signer) : IWireService
{
    private static readonly CredentialScope Scope = new("", "", "sns");

    /// <inheritdoc/>
    public SigningRules Signing { get; } = new(new CommonRefusals(AwsProtocol.Query)) { TakesUnsigned = _ => true };

    /// <inheritdoc/>
    public bool Takes(HttpRequest request, CredentialScope? scope) => scope is null && HttpMethods.IsGet(request.Method)
        && (IsCertificate(request) || (request.Path == "/" && request.Query["Action"].ToString() is "ConfirmSubscription" or "Unsubscribe"));

    /// <inheritdoc/>
    public async Task Handle(HttpContext http, Caller caller)
    {
        if (!IsCertificate(http.Request))
        {
            await protocols.Handle(http, RecordTarget.Of(http.Request, Scope), caller);
            return;
        }

        var certificate = signer.Certificate(http.Request.Path.Value!)
            ?? throw new AwsException("NotFound", HttpStatusCode.NotFound, $"There is no certificate at {http.Request.Path}.");
        http.Response.ContentType = "application/x-pem-file";
        await http.Response.Body.WriteAsync(Encoding.ASCII.GetBytes(certificate), http.RequestAborted);
    }

    /// <inheritdoc/>
    public Task Refuse(HttpContext http, Caller caller, AwsException error) => RecordProtocols.Refuse(http, RecordTarget.Of(http.Request, Scope), error);

    private static bool IsCertificate(HttpRequest request) => request.Path.Value is { } path && path.StartsWith("/SimpleNotificationService-", StringComparison.Ordinal) && path.EndsWith(".pem", StringComparison.Ordinal);
}
