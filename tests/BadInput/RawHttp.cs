using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Slipway.Tests.BadInput;

/// <summary>Requests as bytes, for what HTTP clients won't send.</summary>
internal static class RawHttp
{
    /// <summary>The Authorization header of a service, whose signature nobody has checked.</summary>
    public static string Authorization(string service) =>
        $"Authorization: AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/{service}/aws4_request, SignedHeaders=host, Signature=0";

    /// <summary>Sends a request and gives the answer's status and body.</summary>
    /// <param name="endpoint">The server.</param>
    /// <param name="line">The first line without the protocol's version.</param>
    /// <param name="headers">The headers, Host aside.</param>
    /// <param name="body">What follows, whatever the headers say of it.</param>
    public static async Task<(int Status, string Body)> Send(Uri endpoint, string line, IEnumerable<string> headers, ReadOnlyMemory<byte> body = default)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(endpoint.Host, endpoint.Port);
        await using var stream = client.GetStream();
        var head = string.Concat(headers.Prepend($"{line} HTTP/1.1").Append($"Host: {endpoint.Authority}").Append("Connection: close").Select(h => h + "\r\n"));
        var sending = Task.Run(async () =>
        {
            try
            {
                await stream.WriteAsync(Encoding.Latin1.GetBytes(head + "\r\n"));
                await stream.WriteAsync(body);
            }
            catch (Exception e) when (e is IOException or ObjectDisposedException)
            {
                // a server that has refused the body need not read it
            }
        });
        // a server may read on for a while before it closes: the answer's own length says where it ends
        using var reader = new StreamReader(stream, Encoding.Latin1);
        var status = int.Parse((await reader.ReadLineAsync())!.Split(' ')[1], CultureInfo.InvariantCulture);
        var length = 0;
        while (await reader.ReadLineAsync() is { Length: > 0 } header)
        {
            length = header.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase) ? int.Parse(header.Split(':')[1], CultureInfo.InvariantCulture) : length;
        }

        var content = new char[length];
        await reader.ReadBlockAsync(content);
        client.Close();
        await sending;
        return (status, Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(content)));
    }
}
