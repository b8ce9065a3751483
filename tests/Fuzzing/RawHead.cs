using System.Net.Sockets;
using System.Text;

namespace Slipway.Tests.Fuzzing;

/// <summary>Bytes that come to the port of local AWS as the head of a request, through a socket: the web server's own reader takes them.</summary>
internal static class RawHead
{
    private static readonly string[] Unsupported = ["HTTP/1.1 501", "HTTP/1.1 505"];

    /// <summary>What the web server says of a head itself; whoever reads on says 403.</summary>
    private static readonly string[] Refusals = ["HTTP/1.1 400", "HTTP/1.1 408", "HTTP/1.1 414", "HTTP/1.1 431", "HTTP/1.1 505"];

    /// <summary>Sends bytes and no more; throws where the connection does not end, or the answer is that local AWS failed.</summary>
    public static void Send(Uri server, byte[] input)
    {
        using var connection = new TcpClient();
        connection.Connect(server.Host, server.Port);
        connection.ReceiveTimeout = connection.SendTimeout = (int)Patience.Limit.TotalMilliseconds;
        var stream = connection.GetStream();
        var answer = new MemoryStream();
        try
        {
            stream.Write(input);
            if (IsTooLarge(input))
            {
                // who has hung up is not answered, but who is asked for too much is, at once
                var first = new byte[1024];
                answer.Write(first, 0, stream.Read(first));
            }
            else
            {
                connection.Client.Shutdown(SocketShutdown.Send);
                stream.CopyTo(answer);
            }
        }
        catch (IOException e) when (e.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionReset or SocketError.Shutdown })
        {
            // what is refused in its middle may be cut off
        }

        var text = Encoding.Latin1.GetString(answer.ToArray());
        // what ends before a head does has no answer, and what starts TLS or HTTP/2 is told off in that
        Assert.True(text.Length == 0 || text[0] is '\u0015' or '\0' || text.StartsWith("HTTP/1.1 ", StringComparison.Ordinal), text);
        Assert.True(text.Length == 0 || !IsTooLarge(input) || Refusals.Any(s => text.StartsWith(s, StringComparison.Ordinal)), text);
        Assert.False(text.StartsWith("HTTP/1.1 5", StringComparison.Ordinal) && !Unsupported.Any(s => text.StartsWith(s, StringComparison.Ordinal)), text);
    }

    /// <summary>Whether a head is over the server's limits: a line of 16 KB, 100 headers, 32 KB of headers. Only a whole one is judged, and none that may be TLS.</summary>
    private static bool IsTooLarge(byte[] input)
    {
        const int longestLine = 16 << 10, mostHeaders = 100, largest = 32 << 10;
        var text = Encoding.Latin1.GetString(input);
        var (line, end) = (text.IndexOf("\r\n", StringComparison.Ordinal), text.IndexOf("\r\n\r\n", StringComparison.Ordinal));
        return line > 0 && text[0] >= 'A' && end >= line && (line > longestLine || (end > line && (end - line > largest + 4 || text[(line + 2)..end].Split("\r\n").Length > mostHeaders)));
    }
}
