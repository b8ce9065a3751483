using System.Net;
using System.Text.RegularExpressions;
using Slipway.Tests.Clients;

namespace Slipway.Tests.BadInput;

/// <summary>The table of object keys that would lead elsewhere in a file system, as bytes on the wire: HTTP clients mend such paths.</summary>
public sealed class BadKeyTests(LocalAwsFixture aws) : IClassFixture<LocalAwsFixture>
{
    private const string Bucket = "keys";

    /// <summary>Large enough for a file of its own: smaller contents are kept in the database.</summary>
    private static readonly string Content = new('x', 10_000);

    /// <summary>The path as it is sent, and the key that it makes, or the error's code.</summary>
    public static TheoryData<string, string?, string?> Cases => new()
    {
        { "/keys/plain", "plain", null },
        { "/keys/a/../b", "a/../b", null },
        { "/keys/a/./b", "a/./b", null },
        { "/keys/../up", "../up", null },
        { "/keys/a/%2e%2e/b", "a/../b", null },
        { "/keys/%2E%2E%2Fup", "../up", null },
        { "/keys/..%5cup", "..\\up", null },
        { "/keys/%252e%252e/x", "%2e%2e/x", null },
        { "/keys//leading", "/leading", null },
        { "/keys/%2Fleading", "/leading", null },
        { "/keys///etc/passwd", "//etc/passwd", null },
        { "/keys/trailing/", "trailing/", null },
        { "/keys/a+b%20c", "a+b c", null },
        { "/keys/line%0Abreak%09", "line\nbreak\t", null },
        { "/keys/%C3%BC/%E6%97%A5%E6%9C%AC/%F0%9F%98%80", "ü/日本/😀", null },
        { "/keys/e%CC%81", "e\u0301", null },
        { "/keys/%C3%A9", "é", null },
        { "/keys/" + new string('x', 1024), new string('x', 1024), null },
        { "/keys/" + new string('x', 1025), null, "KeyTooLongError" },
        { "/keys/" + string.Concat(Enumerable.Repeat("%C3%A9", 512)), new string('é', 512), null },
        { "/keys/" + string.Concat(Enumerable.Repeat("%C3%A9", 512)) + "x", null, "KeyTooLongError" },
        { "/keys/../../x", null, "InvalidURI" },
        { "/keys/a/../../../x", null, "InvalidURI" },
        { "/keys/..%2F..%2F..%2Fetc%2Fpasswd", null, "InvalidURI" },
        { "/keys/%2e%2e/%2e%2e/x", null, "InvalidURI" },
        { "/../keys/x", null, "InvalidURI" },
        { "/keys/half%", null, "InvalidURI" },
        { "/keys/half%4", null, "InvalidURI" },
        { "/keys/no%zz", null, "InvalidURI" },
        { "/keys/latin%E9", null, "InvalidURI" },
        { "/keys/overlong%C0%AE%C0%AE/x", null, "InvalidURI" },
        { "/keys/surrogate%ED%A0%80", null, "InvalidURI" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_key_is_that_key_or_it_is_refused_and_no_file_is_elsewhere(string path, string? key, string? code)
    {
        await Send(HttpMethod.Put, $"/{Bucket}");
        var put = await Send(HttpMethod.Put, path, Content);
        var listed = Regex.Matches((await Send(HttpMethod.Get, $"/{Bucket}?encoding-type=url")).Body, "<Key>([^<]*)</Key>").Select(m => Uri.UnescapeDataString(m.Groups[1].Value));
        if (key is not null)
        {
            Assert.Equal((HttpStatusCode.OK, ""), put);
            Assert.Equal([key], listed);
            Assert.Equal((HttpStatusCode.OK, Content), await Send(HttpMethod.Get, path));
        }
        else
        {
            Assert.Equal(HttpStatusCode.BadRequest, put.Status);
            Assert.StartsWith($"<?xml version=\"1.0\" encoding=\"utf-8\"?><Error><Code>{code}</Code><Message>{Message(code!)}</Message>", put.Body, StringComparison.Ordinal);
            Assert.Empty(listed);
        }

        var files = Directory.GetFiles(aws.DataDirectory, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(aws.DataDirectory, f)).ToList();
        Assert.All(files, file => Assert.Matches(@"\A(objects/[0-9a-f]{2}/[0-9a-f]{32}|[a-z]+\.[a-z-]+)\z", file));
        Assert.Equal(key is null ? 0 : 1, files.Count(f => f.StartsWith("objects/", StringComparison.Ordinal)));
        await Send(HttpMethod.Delete, path);
        Assert.Empty(Directory.GetFiles(Path.Combine(aws.DataDirectory, "objects"), "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_NUL_in_a_path_is_refused()
    {
        Assert.Equal(HttpStatusCode.BadRequest, (await Send(HttpMethod.Put, "/keys/a%00b", "x")).Status);
    }

    private static string Message(string code) => code == "InvalidURI" ? "Couldn't parse the specified URI." : "Your key is too long: 1 to 1,024 bytes of UTF-8 are allowed.";

    private async Task<(HttpStatusCode Status, string Body)> Send(HttpMethod method, string path, string? body = null)
    {
        var exact = new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true };
        Assert.True(Uri.TryCreate(aws.Server.Endpoint.ToString().TrimEnd('/') + path, exact, out var uri));
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(method, uri);
        request.Content = body is null ? null : new StringContent(body);
        request.Headers.TryAddWithoutValidation("Authorization", "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0");
        using var response = await http.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}
