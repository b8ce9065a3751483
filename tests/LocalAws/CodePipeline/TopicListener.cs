using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using System.Threading.Channels;

namespace Slipway.Tests.LocalAws.CodePipeline;

/// <summary>A subscriber of SNS over HTTP, which confirms itself and keeps what it is told.</summary>
internal sealed class TopicListener : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Channel<string> _messages = Channel.CreateUnbounded<string>();
    private readonly Task _run;

    public TopicListener()
    {
        using (var free = new TcpListener(IPAddress.Loopback, 0))
        {
            free.Start();
            Address = $"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}/";
        }

        _listener.Prefixes.Add(Address);
        _listener.Start();
        _run = Task.Run(Run);
    }

    /// <summary>Where it listens.</summary>
    public string Address { get; }

    /// <summary>The next message of its topic.</summary>
    public async Task<string> Next() => await _messages.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _run;
    }

    private async Task Run()
    {
        using var client = new HttpClient();
        while (true)
        {
            HttpListenerContext call;
            try
            {
                call = await _listener.GetContextAsync();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            var told = (await JsonNode.ParseAsync(call.Request.InputStream))!;
            call.Response.Close();
            if ((string?)told["SubscribeURL"] is { } confirm && (string?)told["Type"] == "SubscriptionConfirmation")
            {
                (await client.GetAsync(new Uri(confirm))).EnsureSuccessStatusCode();
            }
            else
            {
                await _messages.Writer.WriteAsync((string)told["Message"]!);
            }
        }
    }
}
