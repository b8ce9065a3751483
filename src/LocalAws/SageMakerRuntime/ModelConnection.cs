using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Slipway.LocalAws.SageMakerRuntime;

/// <summary>
/// A connection to the server of a model, with as much of HTTP/1.1 as an invocation needs: .NET's client, which can do
/// everything, takes longer than a small model's prediction.
/// </summary>
internal sealed class ModelConnection : IDisposable
{
    private const int LargestAnswer = Invocations.LargestBody;
    private const int SentAtOnce = 64 << 10;
    private static readonly TimeSpan ModelTimeout = TimeSpan.FromSeconds(60);
    private static readonly string[] Forwarded = ["Content-Type", "Accept", "X-Amzn-SageMaker-Custom-Attributes", "X-Amzn-SageMaker-Inference-Id"];
    private readonly ArrayBufferWriter<byte> _request = new();
    private readonly CancellationTokenSource _limit;
    private readonly Socket _socket;
    private readonly AnswerReader _answers;
    private readonly string _host;

    private ModelConnection(Socket socket, string host, TimeProvider time)
    {
        (_socket, _answers, _host) = (socket, new(socket), host);
        _limit = new(Timeout.InfiniteTimeSpan, time);
    }

    /// <summary>When it was last used, as a timestamp.</summary>
    public long LastUsed { get; set; }

    /// <summary>Whether the server may have seen anything of the last request.</summary>
    public bool HasSent { get; private set; }

    /// <summary>Whether it takes another request.</summary>
    public bool StaysOpen { get; private set; }

    /// <summary>Whether the server has closed it since, or says what nobody asked for.</summary>
    public bool IsOver => _socket.Poll(0, SelectMode.SelectRead);

    /// <summary>Connects to a server of this machine.</summary>
    /// <exception cref="SocketException">Nobody listens.</exception>
    public static async Task<ModelConnection> Open(int port, TimeProvider time, CancellationToken cancellation)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), cancellation);
            socket.Blocking = false;
            return new(socket, $"127.0.0.1:{port}", time);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Asks for a prediction.</summary>
    /// <exception cref="IOException">The server ended, or what it answered is no HTTP.</exception>
    /// <exception cref="SocketException">The server ended.</exception>
    /// <exception cref="OperationCanceledException">60 seconds have passed, or who asked has gone.</exception>
    public async ValueTask<ModelAnswer> Ask(HttpRequest from, ReadOnlyMemory<byte> body, CancellationToken cancellation)
    {
        (StaysOpen, HasSent) = (false, false);
        _limit.CancelAfter(ModelTimeout);
        ModelAnswer answer;
        using (cancellation.UnsafeRegister(static limit => ((CancellationTokenSource)limit!).Cancel(), _limit))
        {
            await Send(from, body);
            answer = await _answers.Read(LargestAnswer, _limit.Token);
        }

        StaysOpen = _answers.StaysOpen && _limit.TryReset();
        return answer;
    }

    public void Dispose()
    {
        _socket.Dispose();
        _limit.Dispose();
    }

    private async ValueTask Send(HttpRequest from, ReadOnlyMemory<byte> body)
    {
        _request.ResetWrittenCount();
        Write("POST /invocations HTTP/1.1\r\nHost: ");
        Write(_host);
        Write("\r\nContent-Length: ");
        Write(body.Length.ToString(CultureInfo.InvariantCulture));
        foreach (var name in Forwarded)
        {
            if (from.Headers[name] is { Count: > 0 } values && values.ToString() is { Length: > 0 } value)
            {
                Write("\r\n");
                Write(name);
                Write(": ");
                Write(value);
            }
        }

        Write("\r\n\r\n");
        var isSmall = body.Length <= SentAtOnce;
        if (isSmall)
        {
            _request.Write(body.Span);
        }

        // what the system takes at once tells whether a connection that has broken since it was used took any of it
        var sent = _socket.Send(_request.WrittenSpan, SocketFlags.None, out var error);
        HasSent = sent > 0;
        if (error is not (SocketError.Success or SocketError.WouldBlock))
        {
            throw new SocketException((int)error);
        }

        if (sent < _request.WrittenCount)
        {
            HasSent = true;
            await _socket.SendAsync(_request.WrittenMemory[sent..], _limit.Token);
        }

        if (!isSmall)
        {
            await _socket.SendAsync(body, _limit.Token);
        }
    }

    // Kestrel takes no line ends in headers, and reads them as UTF-8
    private void Write(string text) => Encoding.UTF8.GetBytes(text, _request);
}
