using System.Net;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Slipway.Aws.Client;
using Slipway.Aws.Sns;
using Slipway.LocalAws.SageMaker.Endpoints;

namespace Slipway.Tests.LocalAws.Sns.Deliveries;

/// <summary>An endpoint of this process that keeps what SNS sends to it.</summary>
internal sealed class Hook : IAsyncDisposable
{
    // the listener takes no port of the system's choice
    private readonly PortLease _port = PortLease.Take();
    private readonly HttpListener _listener = new();
    private readonly Channel<JsonNode> _got = Channel.CreateUnbounded<JsonNode>();
    private readonly Task _serving;

    public Hook()
    {
        Url = $"http://127.0.0.1:{_port.Port}/";
        _listener.Prefixes.Add(Url);
        _listener.Start();
        _serving = Serve();
    }

    /// <summary>Its address.</summary>
    public string Url { get; }

    /// <summary>What it answers.</summary>
    public HttpStatusCode Answer { get; set; } = HttpStatusCode.OK;

    /// <summary>The next message that comes, or has come.</summary>
    public async Task<JsonNode> Next() => await _got.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience.Limit);

    /// <summary>The messages that have come and nobody has asked for.</summary>
    public int Waiting => _got.Reader.Count;

    /// <summary>Subscribes to a topic and confirms.</summary>
    public async Task<string> Subscribe(AwsClient aws, string topicArn, IReadOnlyDictionary<string, string>? attributes = null)
    {
        await aws.Send(new Subscribe(topicArn, "http", Url, attributes));
        return (await aws.Send(new ConfirmSubscription(topicArn, (string)(await Next())["Token"]!))).SubscriptionArn;
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _serving;
        _port.Dispose();
    }

    private async Task Serve()
    {
        while (true)
        {
            try
            {
                var http = await _listener.GetContextAsync();
                using var reader = new StreamReader(http.Request.InputStream);
                var body = await reader.ReadToEndAsync();
                http.Response.StatusCode = (int)Answer;
                http.Response.Close();
                await _got.Writer.WriteAsync(JsonNode.Parse(body)!);
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
        }
    }
}
