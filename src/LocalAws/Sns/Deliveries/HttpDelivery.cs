using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Slipway.LocalAws.Sns.Deliveries;

/// <summary>A message that its endpoint did not take.</summary>
internal sealed class DeliveryException : Exception
{
    /// <param name="message">What the endpoint said, or why it said nothing.</param>
    /// <param name="isFinal">Whether another attempt would be in vain.</param>
    /// <param name="cause">What failed, or null.</param>
    public DeliveryException(string message, bool isFinal, Exception? cause = null)
        : base(message, cause) => IsFinal = isFinal;

    /// <summary>Whether another attempt would be in vain.</summary>
    public bool IsFinal { get; }
}

/// <summary>Posts messages to endpoints: https://docs.aws.amazon.com/sns/latest/dg/http-header.html</summary>
internal sealed class HttpDelivery(Envelope envelope) : IDisposable
{
    // SNS waits so long for an answer
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    // a redirection could lead to another machine
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, UseCookies = false, AllowAutoRedirect = false }) { Timeout = Patience };

    /// <summary>Posts a message; completes when the endpoint has taken it.</summary>
    /// <exception cref="DeliveryException">It has not.</exception>
    public async Task Deliver(StoredTopic topic, StoredSubscription subscription, Notification notification, DeliveryPolicy policy, CancellationToken cancellation)
    {
        using var request = Request(topic, subscription, notification, policy);
        try
        {
            using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            if (!answer.IsSuccessStatusCode)
            {
                throw new DeliveryException($"it answered {(int)answer.StatusCode}", isFinal: (int)answer.StatusCode < 500 && answer.StatusCode != HttpStatusCode.TooManyRequests);
            }
        }
        catch (HttpRequestException e)
        {
            throw new DeliveryException(e.GetBaseException().Message, isFinal: false, e);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new DeliveryException($"it did not answer within {Patience.TotalSeconds:0} seconds", isFinal: false, e);
        }
    }

    public void Dispose() => _http.Dispose();

    private HttpRequestMessage Request(StoredTopic topic, StoredSubscription subscription, Notification notification, DeliveryPolicy policy)
    {
        var isMessage = notification.Type == NotificationType.Notification;
        var isRaw = notification.IsRawFor(subscription);
        var body = isRaw ? notification.Message : envelope.Of(notification, topic[TopicAttributes.SignatureVersion]);
        var url = new Uri(subscription.Endpoint);
        var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", isMessage ? policy.ContentType : DeliveryPolicy.Default.ContentType);
        request.Headers.TryAddWithoutValidation("User-Agent", "Amazon Simple Notification Service Agent");
        request.Headers.Add("x-amz-sns-message-type", $"{notification.Type}");
        request.Headers.Add("x-amz-sns-message-id", notification.MessageId);
        request.Headers.Add("x-amz-sns-topic-arn", topic.Arn);
        if (isMessage)
        {
            request.Headers.Add("x-amz-sns-subscription-arn", subscription.Arn);
        }

        if (isRaw)
        {
            request.Headers.Add("x-amz-sns-rawdelivery", "true");
        }

        if (url.UserInfo.Length > 0)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(url.UserInfo))));
        }

        return request;
    }
}
