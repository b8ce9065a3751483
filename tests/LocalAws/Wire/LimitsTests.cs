using System.Net;
using System.Net.Sockets;
using System.Text;
using Slipway.LocalAws;
using Slipway.Tests.LocalAws.Access;

namespace Slipway.Tests.LocalAws.Wire;

/// <summary>What one client may take of local AWS: bytes, headers, time and connections, with real sockets.</summary>
public sealed class LimitsTests : IAsyncLifetime
{
    private const string S3 = "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0";
    private const long Gibibyte = 1L << 30;
    private readonly string _data = Directory.CreateTempSubdirectory("slipway-limits-").FullName;
    private LocalAwsServer? _server;

    private LocalAwsOptions Options => new() { DataDirectory = _data };

    private Uri Endpoint => _server!.Endpoint;

    public async ValueTask InitializeAsync()
    {
        _server = await LocalAwsServer.Start(Options);
        Assert.Equal(200, (await RawHttp.Send(Endpoint, "PUT", "/limits", Headers(("Authorization", S3)))).Status);
    }

    public async ValueTask DisposeAsync()
    {
        await _server!.DisposeAsync();
        Directory.Delete(_data, recursive: true);
    }

    [Fact]
    public async Task A_thousand_idle_connections_do_not_stop_the_others()
    {
        var idle = new List<TcpClient>();
        try
        {
            for (var i = 0; i < 1000; i++)
            {
                var connection = new TcpClient();
                idle.Add(connection);
                await connection.ConnectAsync(Endpoint.Host, Endpoint.Port);
                // half of them have begun a request, and the body of a fourth is to come
                var begun = (i % 4) switch
                {
                    0 => $"PUT /limits/{i} HTTP/1.1\r\nHost: x\r\nAuthorization: {S3}\r\nContent-Length: 100000\r\n\r\nbegun",
                    1 => "GET /limits HTTP/1.1\r\nHost: x\r\nX-Half",
                    _ => "",
                };
                await connection.GetStream().WriteAsync(Encoding.ASCII.GetBytes(begun));
            }

            var others = await Task.WhenAll(Enumerable.Range(0, 50).Select(i =>
                RawHttp.Send(Endpoint, "PUT", $"/limits/other-{i}", Headers(("Authorization", S3)), Encoding.ASCII.GetBytes($"body {i}"))));
            Assert.All(others, answer => Assert.Equal(200, answer.Status));
            Assert.All(idle.Where((_, i) => i % 4 > 1), connection => Assert.True(connection.Connected));
        }
        finally
        {
            idle.ForEach(c => c.Dispose());
        }
    }

    [Fact]
    public async Task A_form_has_so_many_parameters_and_each_once()
    {
        var many = string.Join('&', Enumerable.Range(0, 9_998).Select(i => $"Tags.member.{i}.a.b.c.d.e.f.g.h=x"));
        await Refused(501, "Local AWS does not support GetCallerIdentity.Tags.", $"Action=GetCallerIdentity&Version=2011-06-15&{many}");
        await Refused(400, "The request has more than 10,000 parameters.", $"Action=GetCallerIdentity&Version=2011-06-15&{many}&a=b");
        await Refused(400, "The parameter Version is there twice.", "Action=GetCallerIdentity&Version=2011-06-15&Version=2011-06-15");
        await Refused(400, "The body isn't UTF-8.", "Action=GetCallerIdentity&Version=\u00e9");
        var asked = await RawHttp.Send(Endpoint, "GET", "/?Action=GetCallerIdentity&Action=GetCallerIdentity", Headers(("Authorization", S3.Replace("/s3/", "/sts/", StringComparison.Ordinal))));
        Assert.Contains("The parameter Action is there twice.", asked.Text, StringComparison.Ordinal);

        async Task Refused(int status, string why, string form)
        {
            var answer = await RawHttp.Send(
                Endpoint, "POST", "/", Headers(("Authorization", S3.Replace("/s3/", "/sts/", StringComparison.Ordinal)), ("Content-Type", "application/x-www-form-urlencoded")), Encoding.Latin1.GetBytes(form));
            Assert.True(answer.Status == status && answer.Text.Contains(why, StringComparison.Ordinal), answer.Text);
        }
    }

    [Fact]
    public async Task Headers_that_do_not_come_in_time_end_the_connection_with_a_408()
    {
        await Restart(Options with { HeadersTimeout = TimeSpan.FromSeconds(1) });
        var status = 0;
        // who does not begin in time gets no answer: a machine that stalls between the two has another try
        for (var tries = 0; status == 0 && tries < 30; tries++)
        {
            using var connection = new TcpClient();
            await connection.ConnectAsync(Endpoint.Host, Endpoint.Port);
            await connection.GetStream().WriteAsync("GET /limits HTTP/1.1\r\nHost: x\r\nX-Slow: "u8.ToArray());
            status = (await RawHttp.Read(connection)).Status;
        }

        Assert.Equal(408, status);
    }

    [Theory]
    [InlineData("PUT /limits/k", "Authorization: " + S3, 400, "<Code>RequestTimeout</Code>")]
    [InlineData("POST /", "X-Amz-Target: SageMaker.ListModels", 408, "\"__type\":\"RequestTimeoutException\"")]
    [InlineData("POST /endpoints/none/invocations", "Content-Type: text/csv", 400, "Endpoint none")]
    public async Task A_body_that_does_not_come_in_time_is_the_services_own_error(string line, string header, int status, string words)
    {
        await Restart(Options with { SlowBodyGrace = TimeSpan.FromSeconds(2) });
        using var connection = new TcpClient();
        await connection.ConnectAsync(Endpoint.Host, Endpoint.Port);
        await connection.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"{line} HTTP/1.1\r\nHost: x\r\n{header}\r\nContent-Length: 100000\r\nConnection: close\r\n\r\nthe beginning"));
        var answer = await RawHttp.Read(connection);
        Assert.Equal(status, answer.Status);
        Assert.Contains(words, answer.Text, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(Path.Combine(_data, "objects"), "*", SearchOption.AllDirectories));
    }

    [Theory]
    [InlineData(17_000, 1, 1, 414)]
    [InlineData(10, 1, 33_000, 431)]
    [InlineData(10, 101, 10, 431)]
    public async Task Too_long_a_line_too_many_headers_and_too_large_ones_are_a_plain_4xx(int path, int count, int size, int status)
    {
        var headers = Enumerable.Range(0, count).Select(i => ($"X-Many-{i}", new string('x', size)));
        Assert.Equal(status, (await RawHttp.Send(Endpoint, "GET", "/" + new string('p', path), Headers([.. headers]))).Status);
        Assert.Equal(200, (await RawHttp.Send(Endpoint, "GET", "/limits", Headers(("Authorization", S3)))).Status);
    }

    [Theory]
    [InlineData("PUT", "/limits/k", "Authorization", S3, (5 * Gibibyte) + 1, 400, "<Code>EntityTooLarge</Code>")]
    [InlineData("PUT", "/limits?tagging", "Authorization", S3, (8 << 20) + 1, 400, "<Code>MaxMessageLengthExceeded</Code>")]
    [InlineData("POST", "/", "X-Amz-Target", "SageMaker.ListModels", (16 << 20) + 1, 413, "\"__type\":\"RequestEntityTooLargeException\"")]
    public async Task A_body_that_says_it_is_too_large_is_refused_before_it_comes(string method, string path, string name, string value, long length, int status, string words)
    {
        var answer = await RawHttp.Send(Endpoint, method, path, Headers((name, value), ("Content-Length", $"{length}"), ("Content-MD5", "1B2M2Y8AsgTpgAmY7PhCfg==")));
        Assert.Equal(status, answer.Status);
        Assert.Contains(words, answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_of_no_known_length_is_refused_once_it_is_too_large()
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, Endpoint) { Content = new StreamContent(new MemoryStream(new byte[(16 << 20) + 1])) };
        request.Headers.TransferEncodingChunked = true;
        request.Headers.TryAddWithoutValidation("X-Amz-Target", "SageMaker.ListModels");
        using var answer = await http.SendAsync(request);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
    }

    [Fact]
    public async Task Other_machines_are_let_in_with_credentials_alone()
    {
        var open = new LocalAwsOptions { DataDirectory = Path.Combine(_data, "open"), Address = IPAddress.Any };
        var refused = await Assert.ThrowsAsync<InvalidDataException>(() => LocalAwsServer.Start(open));
        Assert.Contains("--require-auth", refused.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(open.DataDirectory));
        var file = Path.Combine(_data, "credentials");
        await File.WriteAllTextAsync(file, "[alice]\naws_access_key_id = AKIAALICEALICEALICE1\naws_secret_access_key = alice/secret/of/forty/characters/in/all1\n");
        await using var server = await LocalAwsServer.Start(open with { RequireAuth = file });
        Assert.Equal("127.0.0.1", server.Endpoint.Host);
        Assert.Equal(403, (await RawHttp.Send(server.Endpoint, "GET", "/", Headers(("Authorization", S3)))).Status);
    }

    private async Task Restart(LocalAwsOptions options)
    {
        await _server!.DisposeAsync();
        _server = await LocalAwsServer.Start(options);
    }

    private static IEnumerable<KeyValuePair<string, string>> Headers(params (string Name, string Value)[] headers) =>
        [new("Host", "local"), .. headers.Select(h => KeyValuePair.Create(h.Name, h.Value))];
}
