using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using Slipway.LocalAws.SageMaker.Endpoints;
using Slipway.LocalAws.SageMakerRuntime;

namespace Slipway.Tests.LocalAws.SageMakerRuntime;

/// <summary>The HTTP that any model's server may speak, from servers that send byte for byte what a test says.</summary>
public sealed class ModelConnectionsTests : IDisposable
{
    private const int MostBytes = 6 << 20;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _limit = Patience.Token();
    private readonly ModelConnections _connections;
    // a socket that nobody holds is reset, and with it what it has sent and nobody has read
    private readonly List<Socket> _accepted = [];

    public ModelConnectionsTests()
    {
        _listener.Start();
        _connections = new(Port, TimeProvider.System);
    }

    private int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Type: text/csv; charset=utf-8\r\n\r\n0.5", "0.5")]
    [InlineData("HTTP/1.1 200\r\ncontent-length:3\r\nCONTENT-TYPE:text/csv; charset=utf-8 \r\n\r\n0.5", "0.5")]
    [InlineData("HTTP/1.1 200 OK\nContent-Length: 3\nContent-Type: text/csv; charset=utf-8\n\n0.5", "0.5")]
    [InlineData("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Type: text/csv; charset=utf-8\r\nContent-Length: 0\r\n\r\n", "")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: text/csv; charset=utf-8\r\n\r\n2;name=value\r\n0.\r\n1\r\n5\r\n0\r\nTrailer: 1\r\n\r\n", "0.5")]
    [InlineData("HTTP/1.0 200 OK\r\nContent-Type: text/csv; charset=utf-8\r\n\r\n0.5", "0.5")]
    public async Task An_answer_is_read_however_its_server_frames_it(string answer, string body)
    {
        foreach (var pieces in new[] { 1, int.MaxValue })
        {
            using var connections = new ModelConnections(Port, TimeProvider.System);
            var server = Serve(answer, Math.Min(pieces, answer.Length), answer.StartsWith("HTTP/1.0", StringComparison.Ordinal));
            var got = await connections.Ask(new DefaultHttpContext().Request, "x"u8.ToArray(), _limit.Token);
            Assert.Equal((200, body, "text/csv; charset=utf-8"), (got.Status, Encoding.UTF8.GetString(got.Body!), got.ContentType));
            await server;
        }
    }

    [Theory]
    [InlineData("HTTP/1.1 2", "closed")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n0.5", "closed")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n0.5", "closed")]
    [InlineData("HTTP/2 200 OK\r\n\r\n", "no status line")]
    [InlineData("a greeting that is no HTTP\r\n\r\n", "no status line")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", "Content-Length is no number: -1")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\n0.5", "Content-Length is no number: 4")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n", "Transfer-Encoding is not supported: gzip")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nten\r\n", "the size of a chunk")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n0.5\r\n", "longer than it says")]
    [InlineData("HTTP/1.1 200 OK\r\nnonsense\r\n\r\n", "no name: nonsense")]
    public async Task What_is_no_whole_answer_tells_that_the_server_is_gone(string answer, string why)
    {
        var server = Serve(answer, answer.Length, closes: true);
        var gone = await Assert.ThrowsAsync<ModelGoneException>(() => Ask("x"));
        Assert.True(gone.WasAsked);
        Assert.Contains(why, gone.Message, StringComparison.Ordinal);
        await Ended(server);
    }

    [Fact]
    public async Task A_head_without_an_end_is_given_up()
    {
        var server = Serve("HTTP/1.1 200 OK\r\nX: " + new string('x', 100_000), 1, closes: true);
        Assert.Contains("the head or a line of the answer is larger", (await Assert.ThrowsAsync<ModelGoneException>(() => Ask("x"))).Message, StringComparison.Ordinal);
        await Ended(server);
    }

    [Theory]
    [InlineData("Content-Length: 6291457\r\n\r\n", 0)]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n600001\r\n", 0)]
    [InlineData("\r\n", MostBytes + 1)]
    public async Task A_body_over_6_MB_is_not_taken(string head, int bytes)
    {
        var server = Serve($"HTTP/1.1 200 OK\r\n{head}{new string('0', bytes)}", 1, closes: true);
        Assert.Null((await Ask("x")).Body);
        await Ended(server);
    }

    [Fact]
    public async Task A_server_gets_the_request_with_the_headers_that_SageMaker_hands_on()
    {
        var server = Serve("HTTP/1.1 204 No Content\r\n\r\n", 1);
        var http = new DefaultHttpContext();
        http.Request.ContentType = "text/csv";
        http.Request.Headers["X-Amzn-SageMaker-Custom-Attributes"] = "é";
        http.Request.Headers["X-Amzn-SageMaker-Inference-Id"] = "7";
        http.Request.Headers.Authorization = "secret";
        await _connections.Ask(http.Request, "1,2"u8.ToArray(), _limit.Token);
        Assert.Equal(
            $"POST /invocations HTTP/1.1\r\nHost: 127.0.0.1:{Port}\r\nContent-Length: 3\r\nContent-Type: text/csv\r\nX-Amzn-SageMaker-Custom-Attributes: é\r\nX-Amzn-SageMaker-Inference-Id: 7\r\n\r\n1,2",
            await server);
    }

    [Fact]
    public async Task A_connection_is_used_again_unless_its_server_closes_it()
    {
        const string kept = "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n1";
        var first = Serve([kept, kept, kept.Replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n", StringComparison.Ordinal)], 1);
        for (var i = 0; i < 3; i++)
        {
            await Ask("x");
        }

        await first;
        Assert.Single(_accepted);
        var second = Serve(kept, 1);
        await Ask("x");
        await second;
        Assert.Equal(2, _accepted.Count);
    }

    [Fact]
    public async Task A_connection_that_its_server_has_closed_meanwhile_is_made_anew()
    {
        await Task.WhenAll(Serve("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n1", 1, closes: true), Ask("x"));
        var second = Serve("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n2", 1);
        Assert.Equal("2"u8.ToArray(), (await Ask("x")).Body);
        await second;
    }

    [Fact]
    public async Task A_request_that_a_server_took_and_did_not_answer_is_not_sent_again()
    {
        const string kept = "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n1";
        var server = Serve([kept, ""], 1, closes: true);
        await Ask("x");
        Assert.True((await Assert.ThrowsAsync<ModelGoneException>(() => Ask("deadly"))).WasAsked);
        Assert.EndsWith("deadly", await server, StringComparison.Ordinal);
        Assert.False(_listener.Pending());
    }

    [Fact]
    public async Task A_server_that_nobody_reaches_was_not_asked()
    {
        using var port = PortLease.Take();
        using var connections = new ModelConnections(port.Port, TimeProvider.System);
        Assert.False((await Assert.ThrowsAsync<ModelGoneException>(() => connections.Ask(new DefaultHttpContext().Request, "x"u8.ToArray(), _limit.Token))).WasAsked);
    }

    [Fact]
    public async Task Who_asks_can_go_before_the_answer_comes()
    {
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(_limit.Token);
        var asked = _connections.Ask(new DefaultHttpContext().Request, "x"u8.ToArray(), leaving.Token);
        using var accepted = await _listener.AcceptSocketAsync(_limit.Token);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked.WaitAsync(_limit.Token));
    }

    public void Dispose()
    {
        _connections.Dispose();
        _accepted.ForEach(s => s.Dispose());
        _listener.Dispose();
        _limit.Dispose();
    }

    private Task<ModelAnswer> Ask(string body) => _connections.Ask(new DefaultHttpContext().Request, Encoding.UTF8.GetBytes(body), _limit.Token);

    /// <summary>Returns once a server has ended: what is refused in its middle can't be sent to its end.</summary>
    private Task Ended(Task server) => server.ContinueWith(_ => { }, _limit.Token, TaskContinuationOptions.None, TaskScheduler.Default);

    private Task<string> Serve(string answer, int pieces, bool closes = false) => Serve([answer], pieces, closes);

    /// <summary>Takes one connection, and answers a request on it with each of the answers, in so many pieces; the last request.</summary>
    private async Task<string> Serve(string[] answers, int pieces, bool closes = false)
    {
        var socket = await _listener.AcceptSocketAsync(_limit.Token);
        socket.NoDelay = true;
        _accepted.Add(socket);
        var request = "";
        foreach (var answer in answers)
        {
            request = await Request(socket);
            foreach (var piece in Encoding.Latin1.GetBytes(answer).Chunk(Math.Max(1, answer.Length / pieces)))
            {
                await socket.SendAsync(piece, _limit.Token);
            }
        }

        if (closes)
        {
            socket.Shutdown(SocketShutdown.Send);
        }

        return request;
    }

    private async Task<string> Request(Socket socket)
    {
        var buffer = new byte[4096];
        var text = "";
        while (!text.Contains("\r\n\r\n", StringComparison.Ordinal) || text.EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            text += Encoding.UTF8.GetString(buffer, 0, await socket.ReceiveAsync(buffer, _limit.Token));
        }

        return text;
    }
}
