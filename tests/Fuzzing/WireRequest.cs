using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Slipway.LocalAws.Wire;

namespace Slipway.Tests.Fuzzing;

/// <summary>
/// A request to local AWS as bytes: its first line (method, path with query, signing service or - for none), its headers, an empty line,
/// its body. It goes to the one entry of every request, without a socket.
/// </summary>
internal static class WireRequest
{
    private const int LinesOfLog = 25;

    /// <summary>Sends a request and gives the answer's status; throws, with the end of local AWS's log, where local AWS answers that it failed itself.</summary>
    public static int Send(WireEndpoint endpoint, string log, byte[] input)
    {
        var text = Encoding.Latin1.GetString(input);
        var end = text.IndexOf("\n\n", StringComparison.Ordinal);
        var lines = (end < 0 ? text : text[..end]).Split('\n');
        var body = end < 0 ? [] : Encoding.Latin1.GetBytes(text[(end + 2)..]);
        var http = Context(lines, body);
        endpoint.Handle(http).GetAwaiter().GetResult();
        if (http.Response.StatusCode is >= 500 and not StatusCodes.Status501NotImplemented)
        {
            http.Response.Body.Position = 0;
            Assert.Fail($"{http.Response.StatusCode}: {new StreamReader(http.Response.Body).ReadToEnd()}\n{string.Join('\n', File.ReadLines(log).TakeLast(LinesOfLog))}");
        }

        return http.Response.StatusCode;
    }

    private static DefaultHttpContext Context(string[] lines, byte[] body)
    {
        var first = lines[0].Split(' ');
        var target = Printable(first.Length > 1 && first[1].StartsWith('/') ? first[1] : "/");
        var question = target.IndexOf('?', StringComparison.Ordinal);
        var http = new DefaultHttpContext();
        var request = http.Request;
        request.Method = first[0].ToUpperInvariant();
        request.Path = Uri.UnescapeDataString(question < 0 ? target : target[..question]);
        request.QueryString = new QueryString(question < 0 ? "" : target[question..]);
        http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget = target;
        request.Host = new HostString("127.0.0.1:4566");
        // a browser's form has its signature in a field
        request.Headers.Authorization = first is [_, _, "-"] ? default : $"AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/{Printable(first.Length > 2 ? first[2] : "s3")}/aws4_request, SignedHeaders=host, Signature=0";
        request.ContentLength = body.Length;
        foreach (var header in lines.Skip(1).Select(l => l.Split(": ", 2)).Where(h => h.Length == 2 && h[0].Length > 0))
        {
            // a digest is right whatever the body, or none would be read
            request.Headers[Printable(header[0])] = header is ["Content-MD5", "*"] ? Convert.ToBase64String(MD5.HashData(body)) : Printable(header[1]);
        }

        request.Body = new MemoryStream(body);
        http.Response.Body = new MemoryStream();
        return http;
    }

    // Kestrel lets no others through in a head
    private static string Printable(string text) => string.Concat(text.Where(c => c is > ' ' and <= '~' or ' '));
}
