using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using System.Xml;
using Microsoft.AspNetCore.Http;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.S3.Requests;

/// <summary>A request to S3 and the ways to answer it.</summary>
internal sealed partial class S3Request
{
    /// <summary>The namespace of S3's XML.</summary>
    public const string Namespace = "http://s3.amazonaws.com/doc/2006-03-01/";

    private const int LargestPage = 1000;

    private static readonly XmlWriterSettings XmlSettings = new()
    {
        Encoding = new System.Text.UTF8Encoding(false),
        // a key may have characters that XML 1.0 has no form for; S3 writes them as references all the same
        CheckCharacters = false,
    };

    private readonly Dictionary<string, string> _errorHeaders = [];

    public S3Request(HttpContext http, Caller caller)
    {
        (Http, Caller, Headers) = (http, caller, http.Request.Headers);
        var target = RequestTarget.Of(http);
        RawPath = target.Path;
        Path = Uri.UnescapeDataString(RawPath);
        Query = ReadQuery(target);
        var names = VirtualHost(http.Request) is { } bucket ? [bucket, Path[1..]] : Path[1..].Split('/', 2);
        (Bucket, Key) = (names[0], names.Length > 1 ? names[1] : "");
    }

    private S3Request(S3Request form, string key, IHeaderDictionary headers)
    {
        (Http, Caller, Bucket, Key, Headers) = (form.Http, form.Caller, form.Bucket, key, headers);
        (RawPath, Path, Query) = (form.RawPath, $"{form.Path.TrimEnd('/')}/{key}", new Dictionary<string, string>());
    }

    public HttpContext Http { get; }

    public Caller Caller { get; }

    /// <summary>The path as it came.</summary>
    public string RawPath { get; }

    /// <summary>The decoded path, which errors name as the resource.</summary>
    public string Path { get; }

    /// <summary>The bucket, or empty.</summary>
    public string Bucket { get; }

    /// <summary>The key, or empty.</summary>
    public string Key { get; }

    /// <summary>The request's headers.</summary>
    public IHeaderDictionary Headers { get; }

    /// <summary>The query's parameters, decoded; one without a value is empty.</summary>
    public IReadOnlyDictionary<string, string> Query { get; }

    /// <summary>The account's canonical user id, which S3 has as 64 hexadecimal digits.</summary>
    public string OwnerId => Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(Caller.AccountId)));

    public CancellationToken Cancellation => Http.RequestAborted;

    /// <summary>The bucket that a host such as <c>bucket.s3.us-east-1.amazonaws.com</c> or <c>bucket.localhost</c> names, or null.</summary>
    public static string? VirtualHost(HttpRequest request) =>
        VirtualHosts().Match(request.Host.Host) is { Success: true } match ? match.Groups["bucket"].Value : null;

    /// <summary>Whether a host names S3 or a bucket of it, for requests that say no service otherwise.</summary>
    public static bool IsHostOfS3(HttpRequest request) => HostsOfS3().IsMatch(request.Host.Host);

    /// <summary>The PUT of an object that this request's form stands for, which is answered in its place.</summary>
    /// <param name="key">The object's key.</param>
    /// <param name="headers">The form's fields as headers.</param>
    public S3Request OfForm(string key, IHeaderDictionary headers) => new(this, key, headers);

    /// <summary>A query parameter, or null.</summary>
    public string? Parameter(string name) => Query.GetValueOrDefault(name);

    /// <summary>A header, or null.</summary>
    public string? Header(string name) => Headers.TryGetValue(name, out var value) ? value.ToString() : null;

    /// <summary>A whole number of the query, or what stands for it where it is absent.</summary>
    /// <exception cref="Aws.Wire.AwsException">InvalidArgument.</exception>
    public int Number(string name, int otherwise) => Parameter(name) is not { Length: > 0 } text ? otherwise
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : throw S3Errors.InvalidArgument($"Provided {name} not an integer or within integer range", name, text);

    /// <summary>The size of a page: what is asked for, 1,000 at most.</summary>
    public int PageSize(string name) => Math.Min(Number(name, LargestPage), LargestPage);

    /// <summary>How a listing writes its keys: as they are, or URL-encoded where the request asks for it.</summary>
    /// <exception cref="Aws.Wire.AwsException">InvalidArgument.</exception>
    public Func<string, string> Encoding() => Parameter("encoding-type") switch
    {
        null or "" => text => text,
        "url" => text => Uri.EscapeDataString(text).Replace("%2F", "/"),
        var other => throw S3Errors.InvalidArgument("Invalid Encoding Method specified in Request", "encoding-type", other),
    };

    /// <summary>Sets a header of the answer where there is a value.</summary>
    public void SetHeader(string name, string? value)
    {
        if (value is not null)
        {
            // S3 gives back what a header can't hold by RFC 2047
            Http.Response.Headers[name] = value.All(c => c is >= ' ' and <= '~') ? value
                : $"=?UTF-8?B?{Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(value))}?=";
        }
    }

    /// <summary>Sets a header of the answer that it has where it is an error.</summary>
    public void SetErrorHeader(string name, string value) => _errorHeaders[name] = value;

    /// <summary>Takes back the headers of the answer that was to be, and leaves those of an error.</summary>
    public void ResetHeaders()
    {
        Http.Response.Headers.Clear();
        Http.Response.Headers["x-amz-request-id"] = Caller.RequestId;
        foreach (var (name, value) in _errorHeaders)
        {
            SetHeader(name, value);
        }
    }

    /// <summary>Answers without a body.</summary>
    public Task Answer(int status = StatusCodes.Status200OK)
    {
        Http.Response.StatusCode = status;
        if (status is not (StatusCodes.Status204NoContent or StatusCodes.Status304NotModified))
        {
            Http.Response.ContentLength = 0;
        }

        return Task.CompletedTask;
    }

    /// <summary>Answers with XML; the root has S3's namespace unless it is an error.</summary>
    public async Task AnswerXml(string root, Action<XmlWriter> content, int status = StatusCodes.Status200OK)
    {
        using var buffer = new MemoryStream();
        using (var xml = XmlWriter.Create(buffer, XmlSettings))
        {
            xml.WriteStartElement(root, root == "Error" ? "" : Namespace);
            content(xml);
            xml.WriteEndElement();
        }

        Http.Response.StatusCode = status;
        Http.Response.ContentType = "application/xml";
        Http.Response.ContentLength = buffer.Length;
        await Http.Response.Body.WriteAsync(buffer.GetBuffer().AsMemory(0, (int)buffer.Length), Cancellation);
    }

    /// <summary>A time as S3's XML has it, to the second.</summary>
    public static string Iso(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.000'Z'", CultureInfo.InvariantCulture);

    /// <summary>Writes an element where there is a value.</summary>
    public static void WriteOptional(XmlWriter xml, string name, string? value)
    {
        if (value is not null)
        {
            xml.WriteElementString(name, value);
        }
    }

    /// <summary>Writes the account as the owner of what it has.</summary>
    public void WriteOwner(XmlWriter xml, string element)
    {
        xml.WriteStartElement(element);
        xml.WriteElementString("ID", OwnerId);
        xml.WriteEndElement();
    }

    private static Dictionary<string, string> ReadQuery(RequestTarget target)
    {
        var parameters = new Dictionary<string, string>();
        foreach (var (name, value) in target.Parameters())
        {
            parameters[name] = value;
        }

        return parameters;
    }

    [GeneratedRegex(@"\A(.+\.)?s3([.-].+)?\z", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase)]
    private static partial Regex HostsOfS3();

    [GeneratedRegex(@"\A(?!s3\.)(?<bucket>.+?)\.(s3([.-].+)?|localhost)\z", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase)]
    private static partial Regex VirtualHosts();
}
