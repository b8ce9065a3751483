using System.Text;
using Slipway.Tests.Clients;

namespace Slipway.Tests.BadInput;

/// <summary>The table of bodies that are larger than they may be, or no bodies of their kind.</summary>
public sealed class BadBodyTests(LocalAwsFixture aws) : IClassFixture<LocalAwsFixture>
{
    private const string Streaming = "x-amz-content-sha256: STREAMING-UNSIGNED-PAYLOAD-TRAILER";

    private static readonly Dictionary<string, BadBody> Table = new()
    {
        ["JSON announced as 16 MiB and a byte"] = new("POST /", "sagemaker", ["X-Amz-Target: SageMaker.ListModels", "Content-Length: 16777217"], "", 413, "RequestEntityTooLargeException", "The body is larger than 16 MB."),
        ["JSON that never ends"] = new("POST /", "sagemaker", ["X-Amz-Target: SageMaker.ListModels", "Transfer-Encoding: chunked"], Chunks(17), 413, "RequestEntityTooLargeException", "The body is larger than 16 MB."),
        ["a record announced as 16 MiB and a byte"] = new("PUT /FeatureGroup/g", "sagemaker", ["Content-Length: 16777217"], "", 413, "RequestEntityTooLargeException", "The body is larger than 16 MB."),
        ["an object announced as 5 GiB and a byte"] = new("PUT /bodies/k", "s3", ["Content-Length: 5368709121"], "", 400, "EntityTooLarge", "Your proposed upload exceeds the maximum allowed size"),
        ["XML of 8 MiB and a byte"] = new("POST /bodies?delete", "s3", ["Content-MD5: 1B2M2Y8AsgTpgAmY7PhCfg==", "Content-Length: 8388609"], "", 400, "MaxMessageLengthExceeded", "Your request was too big."),
        ["an object without a length"] = new("PUT /bodies/k", "s3", ["Transfer-Encoding: chunked"], "1\r\nx\r\n0\r\n\r\n", 501, "NotImplemented", "A header you provided implies functionality that is not implemented"),
        ["an object of which nothing is said"] = new("PUT /bodies/k", "s3", [], "", 411, "MissingContentLength", "You must provide the Content-Length HTTP header."),
        ["a chunk without its size"] = new("PUT /bodies/k", "s3", [Streaming, "x-amz-decoded-content-length: 1", "Content-Length: 4"], "zz\r\n", 400, "IncompleteBody", "You did not provide the number of bytes specified by the Content-Length HTTP header: a chunk does not start with its size in hexadecimal."),
        ["a chunk's line that never ends"] = new("PUT /bodies/k", "s3", [Streaming, "x-amz-decoded-content-length: 1", "Content-Length: 20000"], new string('0', 20000), 400, "IncompleteBody", "You did not provide the number of bytes specified by the Content-Length HTTP header: the line before a chunk is too long."),
        ["a chunk of a size beyond numbers"] = new("PUT /bodies/k", "s3", [Streaming, "x-amz-decoded-content-length: 1", "Content-Length: 20"], "ffffffffffffffff\r\nx\r", 400, "IncompleteBody", "You did not provide the number of bytes specified by the Content-Length HTTP header: a chunk does not start with its size in hexadecimal."),
        ["bytes after the last chunk"] = new("PUT /bodies/k", "s3", [Streaming, "x-amz-decoded-content-length: 1", "Content-Length: 15"], "1\r\nx\r\n0\r\n\r\nmore", 400, "IncompleteBody", "You did not provide the number of bytes specified by the Content-Length HTTP header: there is more after its last chunk."),
        ["JSON that is none"] = new("POST /", "sagemaker", ["X-Amz-Target: SageMaker.CreateModel", "Content-Length: 3"], "{\n]", 400, "SerializationException", "The body isn't JSON: line 2, byte 1."),
        ["JSON of 10,000 lists in lists"] = new("POST /", "sagemaker", ["X-Amz-Target: SageMaker.CreateModel", "Content-Length: 10000"], new string('[', 10000), 400, "SerializationException", "The body isn't JSON: line 1, byte 65."),
        ["JSON that is a list"] = new("POST /", "sagemaker", ["X-Amz-Target: SageMaker.CreateModel", "Content-Length: 2"], "[]", 400, "SerializationException", "The body must be a structure, not a list."),
        ["JSON that is Latin-1"] = new("POST /", "sagemaker", ["X-Amz-Target: SageMaker.DeleteModel", "Content-Length: 17"], "{\"ModelName\":\"\u00e9\"}", 400, "SerializationException", "The body isn't UTF-8."),
        ["XML with a document type"] = new("POST /bodies?delete", "s3", ["Content-MD5: 2MeDo3ep/bVC7Qp9+cNanA==", "Content-Length: 109"], "<!DOCTYPE Delete [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;&a;\">]><Delete><Object><Key>&b;</Key></Object></Delete>", 400, "MalformedXML", "The XML you provided was not well-formed or did not validate against our published schema: it has a document type declaration"),
    };

    public static TheoryData<string> Cases => [.. Table.Keys];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_body_that_is_too_large_or_none_is_refused_by_the_protocols_own_error(string name)
    {
        await RawHttp.Send(aws.Server.Endpoint, "PUT /bodies", [RawHttp.Authorization("s3"), "Content-Length: 0"]);
        var (line, service, headers, body, status, code, message) = Table[name];
        var answer = await RawHttp.Send(aws.Server.Endpoint, line, [RawHttp.Authorization(service), .. headers], Encoding.Latin1.GetBytes(body));
        Assert.True(status == answer.Status, $"{answer.Status} {answer.Body}");
        Assert.StartsWith(
            service == "s3" ? $"<?xml version=\"1.0\" encoding=\"utf-8\"?><Error><Code>{code}</Code><Message>{message}</Message>" : $$"""{"__type":"{{code}}","message":"{{message}}",""",
            answer.Body, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(Path.Combine(aws.DataDirectory, "objects"), "*", SearchOption.AllDirectories));
    }

    private static string Chunks(int megabytes) => string.Concat(Enumerable.Repeat("100000\r\n" + new string(' ', 1 << 20) + "\r\n", megabytes));

    private sealed record BadBody(string Line, string Service, string[] Headers, string Body, int Status, string Code, string Message);
}
