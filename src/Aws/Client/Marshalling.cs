using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Transform;
using Slipway.Aws.Wire;

namespace Slipway.Aws.Client;

/// <summary>A request of ours on its way through the SDK's pipeline.</summary>
internal sealed class RawRequest(object body) : AmazonWebServiceRequest
{
    public object Body => body;
}

/// <summary>An answer as it came: bytes and headers.</summary>
internal sealed class RawResponse : AmazonWebServiceResponse
{
    public byte[] Body { get; init; } = [];

    public IWebResponseData? Http { get; init; }
}

/// <summary>Writes requests, and reads answers, in the protocol of a service.</summary>
internal sealed class Marshaller(AwsService service) : IMarshaller<IRequest, AmazonWebServiceRequest>
{
    public IRequest Marshall(AmazonWebServiceRequest input)
    {
        var body = ((RawRequest)input).Body;
        var request = new DefaultRequest(input, service.Id) { HttpMethod = "POST", ResourcePath = "/" };
        switch (service.Protocol)
        {
            case AwsProtocol.Json:
                request.Headers["Content-Type"] = "application/x-amz-json-" + service.JsonVersion;
                request.Headers["X-Amz-Target"] = $"{service.TargetPrefix}.{body.GetType().Name}";
                request.Content = JsonSerializer.SerializeToUtf8Bytes(body, body.GetType(), AwsJson.For(service));
                break;
            case AwsProtocol.Query:
                request.Headers["Content-Type"] = "application/x-www-form-urlencoded; charset=utf-8";
                request.Content = Encoding.UTF8.GetBytes(Form(body));
                break;
            default:
                WriteRest(request, body);
                break;
        }

        return request;
    }

    public object Read(RawResponse raw, Type response)
    {
        if (response == typeof(EmptyResponse))
        {
            return EmptyResponse.Instance;
        }

        return service.Protocol switch
        {
            AwsProtocol.Json => JsonSerializer.Deserialize(raw.Body, response, AwsJson.For(service))!,
            AwsProtocol.Query => ReadXml(raw.Body, response),
            _ => RestFormat.Read(response, new Dictionary<string, string>(), _ => [], h => Header(raw.Http!, h), raw.Body, strict: false),
        };
    }

    private static string? Header(IWebResponseData http, string name) =>
        name.Equals("Content-Type", StringComparison.OrdinalIgnoreCase) ? http.ContentType
        : http.IsHeaderPresent(name) ? http.GetHeaderValue(name) : null;

    private string Form(object body)
    {
        var fields = QueryForm.ToForm(body).Prepend(new("Version", service.ApiVersion)).Prepend(new("Action", body.GetType().Name));
        return string.Join('&', fields.Select(f => $"{Uri.EscapeDataString(f.Key)}={Uri.EscapeDataString(f.Value)}"));
    }

    private static void WriteRest(DefaultRequest request, object body)
    {
        var message = RestFormat.Write(body);
        request.HttpMethod = RestPlan.Of(body.GetType()).Rest!.Method;
        // the SDK escapes path resources itself, once, as its signer expects
        var path = new List<string>();
        foreach (var part in message.Path.TrimStart('/').Split('/'))
        {
            path.Add($"{{p{path.Count}}}");
            request.AddPathResource(path[^1], Uri.UnescapeDataString(part));
        }

        request.ResourcePath = "/" + string.Join('/', path);
        request.UseQueryString = true;
        foreach (var group in message.Query.GroupBy(q => q.Key, q => q.Value))
        {
            request.ParameterCollection.Add(group.Key, [.. group]);
        }

        foreach (var (name, value) in message.Headers)
        {
            request.Headers[name] = value;
        }

        if (message.IsJson && message.Body.Length > 0)
        {
            request.Headers["Content-Type"] = "application/json";
        }

        request.Content = message.Body;
    }

    private static object ReadXml(byte[] body, Type response)
    {
        var root = XDocument.Parse(Encoding.UTF8.GetString(body)).Root!;
        var result = root.Elements().FirstOrDefault(e => e.Name.LocalName.EndsWith("Result", StringComparison.Ordinal)) ?? root;
        return QueryXml.ToJson(result, response).Deserialize(response, AwsJson.Lenient)!;
    }
}

/// <summary>Keeps an answer's bytes, and turns an error's body into the SDK's exception so that its retries work.</summary>
internal sealed class Unmarshaller : ResponseUnmarshaller
{
    public static Unmarshaller Instance { get; } = new();

    public override AmazonWebServiceResponse Unmarshall(UnmarshallerContext input)
    {
        var context = (BytesContext)input;
        return new RawResponse { Body = context.Body, Http = context.ResponseData };
    }

    public override AmazonServiceException UnmarshallException(UnmarshallerContext input, Exception innerException, HttpStatusCode statusCode)
    {
        var text = Encoding.UTF8.GetString(((BytesContext)input).Body);
        var (code, message) = text.StartsWith('<') ? FromXml(text) : FromJson(text);
        var http = input.ResponseData;
        code ??= http.GetHeaderValue("x-amzn-ErrorType") ?? statusCode.ToString();
        var type = (int)statusCode < 500 ? ErrorType.Sender : ErrorType.Receiver;
        return new AmazonServiceException(message ?? text, innerException, type, code.Split('#')[^1].Split(':')[0], http.GetHeaderValue("x-amzn-RequestId"), statusCode);
    }

    protected override UnmarshallerContext ConstructUnmarshallerContext(Stream responseStream, bool maintainResponseBody, IWebResponseData response, bool isException) =>
        new BytesContext(responseStream, maintainResponseBody, response, isException);

    protected override UnmarshallerContext ConstructUnmarshallerContext(
        Stream responseStream, bool maintainResponseBody, IWebResponseData response, bool isException, IRequestContext requestContext) =>
        new BytesContext(responseStream, maintainResponseBody, response, isException);

    private static (string? Code, string? Message) FromXml(string text)
    {
        var xml = XDocument.Parse(text);
        string? Value(string name) => xml.Descendants().FirstOrDefault(e => e.Name.LocalName == name)?.Value;
        return (Value("Code"), Value("Message"));
    }

    private static (string? Code, string? Message) FromJson(string text)
    {
        try
        {
            var json = JsonNode.Parse(text) as JsonObject;
            return (json?["__type"]?.ToString(), (json?["message"] ?? json?["Message"])?.ToString());
        }
        catch (JsonException)
        {
            return (null, null);
        }
    }

    private sealed class BytesContext : UnmarshallerContext
    {
        public BytesContext(Stream stream, bool keep, IWebResponseData response, bool isException)
        {
            (MaintainResponseBody, WebResponseData, IsException) = (keep, response, isException);
            using var copy = new MemoryStream();
            stream.CopyTo(copy);
            Body = copy.ToArray();
        }

        public byte[] Body { get; }

        public override string CurrentPath => "";

        public override int CurrentDepth => 0;

        public override bool IsStartElement => false;

        public override bool IsEndElement => false;

        public override bool IsStartOfDocument => false;
    }
}
