using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Slipway.LocalAws.Wire;

/// <summary>
/// TLS on the port that serves plain HTTP: AWS's git-remote-codecommit makes https addresses alone. The first byte of a
/// connection tells which it is.
/// </summary>
internal sealed class TlsConnections(LocalAwsOptions options)
{
    private const byte Handshake = 0x16; // RFC 8446, section 5.1
    private readonly Lock _lock = new();
    private X509Certificate2? _certificate;

    private string PublicFile => Path.Combine(options.DataDirectory, "tls.pem");

    private string KeyFile => Path.Combine(options.DataDirectory, "tls.key");

    /// <summary>The file of the certificate that clients must trust; made when it is first asked for.</summary>
    public string CertificateFile
    {
        get
        {
            Certificate();
            return PublicFile;
        }
    }

    /// <summary>Lets an address speak both.</summary>
    public void Use(ListenOptions listen) => listen.Use(plain =>
    {
        // Kestrel's TLS needs services that a host makes, and most servers are never asked for it
        var secure = new Lazy<ConnectionDelegate>(() => Secure(plain));
        return async connection =>
        {
            if (await IsHandshake(connection) is { } tls)
            {
                await (tls ? secure.Value : plain)(connection);
            }
        };
    });

    /// <summary>Kestrel's own TLS, before what takes plain HTTP.</summary>
    private ConnectionDelegate Secure(ConnectionDelegate plain)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        ConnectionDelegate? secure = null;
        new KestrelServerOptions { ApplicationServices = builder.Build().Services }.Listen(IPAddress.Loopback, 0, listen =>
        {
            listen.Protocols = HttpProtocols.Http1;
            listen.UseHttps(new HttpsConnectionAdapterOptions { ServerCertificateSelector = (_, _) => Certificate() });
            listen.Use(_ => plain);
            secure = listen.Build();
        });
        return secure!;
    }

    /// <summary>Whether a connection starts TLS; null where nothing comes in the time that a request's headers have.</summary>
    private async Task<bool?> IsHandshake(ConnectionContext connection)
    {
        using var late = new CancellationTokenSource(options.HeadersTimeout, options.Time);
        try
        {
            var input = connection.Transport.Input;
            var read = await input.ReadAsync(late.Token);
            bool? tls = read.Buffer.IsEmpty ? null : read.Buffer.FirstSpan[0] == Handshake;
            // nothing is taken: whoever goes on reads it again
            input.AdvanceTo(read.Buffer.Start);
            return tls;
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            return null;
        }
    }

    private X509Certificate2 Certificate()
    {
        lock (_lock)
        {
            return _certificate ??= Load() ?? Make();
        }
    }

    private X509Certificate2? Load()
    {
        if (!File.Exists(PublicFile))
        {
            return null;
        }

        var certificate = X509Certificate2.CreateFromPemFile(PublicFile, KeyFile);
        return new DateTimeOffset(certificate.NotAfter) > options.Time.GetUtcNow() ? certificate : null;
    }

    private X509Certificate2 Make()
    {
        const int years = 10;
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Slipway local AWS", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        foreach (var address in new[] { IPAddress.Loopback, IPAddress.IPv6Loopback, options.Address }.Distinct())
        {
            names.AddIpAddress(address);
        }

        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        var now = options.Time.GetUtcNow();
        var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddYears(years));
        // the key first: the certificate's file says that both are there
        Write(KeyFile, key.ExportPkcs8PrivateKeyPem());
        Write(PublicFile, certificate.ExportCertificatePem());
        return certificate;
    }

    private static void Write(string file, string content)
    {
        var made = file + ".new";
        File.Delete(made);
        var creation = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            creation.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var stream = new FileStream(made, creation))
        {
            stream.Write(System.Text.Encoding.ASCII.GetBytes(content));
            stream.Flush(flushToDisk: true);
        }

        File.Move(made, file, overwrite: true);
    }
}
