using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml;
using Microsoft.AspNetCore.Http;
using Slipway.Aws.SageMaker;
using Slipway.Aws.Wire;
using Slipway.LocalAws.Access;
using Slipway.LocalAws.Storage;

namespace Slipway.LocalAws.Wire;

/// <summary>JSON, query and REST-JSON: reads the record of an operation, hands it to its handler, writes what that answers.</summary>
internal sealed class RecordProtocols(LocalAwsOptions options, Operations operations, ServerLog log)
{
    /// <summary>The most parameters of a request in the query protocol; the largest that clients make has some hundred.</summary>
    private const int MostParameters = 10_000;

    private static readonly XmlWriterSettings XmlSettings = new()
    {
        Encoding = new System.Text.UTF8Encoding(false),
        // an error says what the request had, and that may be characters that XML 1.0 has no form for
        CheckCharacters = false,
    };

    private static readonly Dictionary<AwsProtocol, SigningRules> Rules =
        Enum.GetValues<AwsProtocol>().ToDictionary(p => p, p => new SigningRules(new CommonRefusals(p)));

    /// <summary>How a request is signed, which its protocol says.</summary>
    public static SigningRules Signing(HttpRequest request, RecordTarget target) => Rules[target.Service?.Protocol ?? (IsQuery(request, null) ? AwsProtocol.Query : AwsProtocol.RestJson)];

    /// <summary>Answers a request with an error before, or while, it is handled.</summary>
    public static Task Refuse(HttpContext http, RecordTarget target, AwsException error) => WriteError(http, target.Service, error);

    /// <summary>Finds a handler, reads and writes JSON. What does is made when it is first used, and the first request would wait for that.</summary>
    public static void Prepare()
    {
        Operations.Find(AwsService.Of(typeof(ListEndpoints)), nameof(ListEndpoints));
        RequestReader.Read("{}"u8, typeof(ListEndpoints));
        JsonSerializer.SerializeToUtf8Bytes(new ListEndpoints.Response([]), AwsJson.Lenient);
    }

    public async Task Handle(HttpContext http, RecordTarget target, Caller caller)
    {
        var service = target.Service;
        try
        {
            await (service?.Protocol switch
            {
                AwsProtocol.Json => HandleJson(http, service, target.Text, caller),
                AwsProtocol.Query => HandleQuery(http, service, caller),
                AwsProtocol.RestJson => HandleRest(http, target, caller),
                _ => throw target.Unknown(http.Request),
            });
        }
        catch (AwsException e) when (e.Code == "ValidationException" && service is not null)
        {
            await WriteError(http, service, new AwsException(service.ValidationCode, e.Status, e.Message, inner: e));
        }
        catch (AwsException e)
        {
            await WriteError(http, service, e);
        }
        catch (Exception e) when (e is not OperationCanceledException and not BadHttpRequestException)
        {
            log.Write($"{caller.RequestId} {http.Request.Method} {http.Request.Path} {http.Request.Headers["X-Amz-Target"]}: {e}");
            var message = $"Local AWS failed on this request. Its log has the cause under the request id {caller.RequestId}.";
            await WriteError(http, service, StorageFailure.Answer(e, options.DataDirectory) ?? new AwsException("InternalFailure", HttpStatusCode.InternalServerError, message));
        }
    }

    private async Task HandleJson(HttpContext http, AwsService service, string target, Caller caller)
    {
        var operation = Operations.Find(service, target[(service.TargetPrefix.Length + 1)..]) ?? throw RecordTarget.UnknownOperation(target);
        var request = RequestReader.Read(await ReadBody(http), operation.Request);
        var answer = await operations.Handle(operation, request, caller, http.RequestAborted);
        http.Response.ContentType = "application/x-amz-json-" + service.JsonVersion;
        await Write(http, answer is EmptyResponse ? [] : JsonSerializer.SerializeToUtf8Bytes(answer, answer.GetType(), AwsJson.For(service)));
    }

    private async Task HandleQuery(HttpContext http, AwsService service, Caller caller)
    {
        // a GET has its parameters in its query alone: what tells one from another service's request looks there
        var isForm = http.Request.HasFormContentType && !HttpMethods.IsGet(http.Request.Method);
        var form = Parameters(isForm ? Text(await ReadBody(http)) : RequestTarget.Of(http).Query);
        var name = form.GetValueOrDefault("Action", "");
        var operation = Operations.Find(service, name)
            ?? throw new AwsException("InvalidAction", HttpStatusCode.BadRequest, $"Local AWS does not support the action {service.Name}.{name}.");
        var body = JsonSerializer.SerializeToUtf8Bytes(QueryForm.ToJson(form, operation.Request));
        var answer = await operations.Handle(operation, RequestReader.Read(body, operation.Request), caller, http.RequestAborted);
        await WriteXml(http, xml =>
        {
            xml.WriteStartElement(name + "Response", service.XmlNamespace);
            if (answer is not EmptyResponse)
            {
                xml.WriteStartElement(name + "Result");
                QueryXml.Write(xml, answer);
                xml.WriteEndElement();
            }

            xml.WriteStartElement("ResponseMetadata");
            xml.WriteElementString("RequestId", caller.RequestId);
            xml.WriteEndElement();
            xml.WriteEndElement();
        });
    }

    /// <summary>The parameters of a form or a query, less those of a presigned URL.</summary>
    /// <exception cref="AwsException">ValidationException: there are too many, or one is there twice.</exception>
    private static Dictionary<string, string> Parameters(string query)
    {
        // each is some objects, and a body has room for millions of them
        if (query.AsSpan().Count('&') >= MostParameters)
        {
            throw AwsErrors.Validation($"The request has more than {MostParameters:N0} parameters.");
        }

        var parameters = new Dictionary<string, string>();
        foreach (var (name, value) in new RequestTarget("", query).Parameters().Where(p => !p.Name.StartsWith("X-Amz-", StringComparison.Ordinal)))
        {
            if (!parameters.TryAdd(name, value))
            {
                throw AwsErrors.Validation($"The parameter {name} is there twice.");
            }
        }

        return parameters;
    }

    private static string Text(byte[] body) =>
        System.Text.Unicode.Utf8.IsValid(body) ? System.Text.Encoding.UTF8.GetString(body) : throw AwsErrors.Serialization("The body isn't UTF-8.");

    private async Task HandleRest(HttpContext http, RecordTarget target, Caller caller)
    {
        var operation = target.Operation!;
        var request = RestFormat.Read(
            operation.Request, target.Labels, n => [.. http.Request.Query[n].OfType<string>()],
            n => http.Request.Headers.TryGetValue(n, out var v) ? v.ToString() : null, await ReadBody(http), strict: true);
        var answer = await operations.Handle(operation, request, caller, http.RequestAborted);
        var message = RestFormat.Write(answer);
        http.Response.ContentType = "application/json";
        foreach (var (name, value) in message.Headers)
        {
            http.Response.Headers[name] = value;
        }

        await Write(http, message.Body);
    }

    private static Task<byte[]> ReadBody(HttpContext http) =>
        RequestContent.Read(http, RequestContent.LargestCommon, () => Rules[AwsProtocol.Json].Refusals.TooLarge(RequestContent.LargestCommon));

    private static async Task Write(HttpContext http, byte[] body)
    {
        http.Response.ContentLength = body.Length;
        await http.Response.Body.WriteAsync(body, http.RequestAborted);
    }

    private static async Task WriteXml(HttpContext http, Action<XmlWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var xml = XmlWriter.Create(buffer, XmlSettings))
        {
            write(xml);
        }

        http.Response.ContentType = "text/xml";
        await Write(http, buffer.ToArray());
    }

    // a service that is not here, or not told, is asked in its own protocol: a form is the query protocol's
    private static bool IsQuery(HttpRequest request, AwsService? service) => service is null ? request.HasFormContentType : service.Protocol == AwsProtocol.Query;

    private static async Task WriteError(HttpContext http, AwsService? service, AwsException e)
    {
        if (http.Response.HasStarted)
        {
            http.Abort();
            return;
        }

        http.Response.StatusCode = (int)e.Status;
        if (IsQuery(http.Request, service))
        {
            await WriteXml(http, xml => WriteXmlError(xml, service, e, http.Response.Headers["x-amzn-RequestId"].ToString()));
            return;
        }

        http.Response.Headers["x-amzn-ErrorType"] = e.Code;
        if (service?.QueryCodes is { } codes)
        {
            http.Response.Headers["x-amzn-query-error"] = $"{codes.GetValueOrDefault(e.Code, e.Code)};{Fault(e)}";
        }

        http.Response.ContentType = service?.Protocol == AwsProtocol.RestJson ? "application/json" : "application/x-amz-json-" + (service?.JsonVersion ?? "1.1");
        var body = new JsonObject { ["__type"] = e.Code, ["message"] = e.Message, ["Message"] = e.Message };
        foreach (var (name, value) in e.Members)
        {
            body[name] = value;
        }

        await Write(http, JsonSerializer.SerializeToUtf8Bytes(body, AwsJson.Lenient));
    }

    private static void WriteXmlError(XmlWriter xml, AwsService? service, AwsException e, string requestId)
    {
        xml.WriteStartElement("ErrorResponse", service?.XmlNamespace);
        xml.WriteStartElement("Error");
        xml.WriteElementString("Type", Fault(e));
        xml.WriteElementString("Code", e.Code);
        xml.WriteElementString("Message", e.Message);
        xml.WriteEndElement();
        xml.WriteElementString("RequestId", requestId);
        xml.WriteEndElement();
    }

    /// <summary>Whose fault an error is, as the query protocol says it.</summary>
    private static string Fault(AwsException e) => (int)e.Status < 500 ? "Sender" : "Receiver";
}
