using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Slipway.LocalAws.S3.Objects;
using Slipway.LocalAws.S3.Store;
using Slipway.LocalAws.Storage;
using Slipway.Tests.Clients;

namespace Slipway.Tests.LocalAws.S3;

/// <summary>What no SDK sends on purpose: bodies that are cut off or not what they say, and the files behind the objects.</summary>
public sealed class S3WireTests : IAsyncLifetime
{
    private const string Authorization = "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0";
    private readonly LocalAwsFixture _aws = new();
    private readonly HttpClient _http = new();

    private string[] Files => Directory.GetFiles(Path.Combine(_aws.DataDirectory, "objects"), "*", SearchOption.AllDirectories);

    public async ValueTask InitializeAsync()
    {
        await _aws.InitializeAsync();
        Assert.Equal(HttpStatusCode.OK, (await Send(HttpMethod.Put, "wire")).Status);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _aws.DisposeAsync();
    }

    [Fact]
    public async Task Signed_chunks_are_taken_out_of_their_coding()
    {
        await Send(HttpMethod.Put, "wire/k", "5;chunk-signature=ab\r\nhello\r\n6;chunk-signature=cd\r\n world\r\n0;chunk-signature=ef\r\n\r\n", Streaming(11));
        Assert.Equal("hello world", (await Send(HttpMethod.Get, "wire/k")).Body);
    }

    [Theory]
    [InlineData("5\r\nhello\r\n0\r\n\r\n", "IncompleteBody")]
    [InlineData("ff\r\nhello", "IncompleteBody")]
    [InlineData("b\r\nhello world\r\n", "IncompleteBody")]
    [InlineData("zz\r\nhello world\r\n0\r\n\r\n", "IncompleteBody")]
    [InlineData("b\r\nhello world\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n", "BadDigest")]
    [InlineData("b\r\nhello world\r\n0\r\n\r\n", "MalformedTrailerError")]
    [InlineData("b\r\nhello world\r\n0\r\nno colon\r\n\r\n", "MalformedTrailerError")]
    public async Task A_body_that_is_not_what_it_says_leaves_nothing(string body, string code)
    {
        var headers = Streaming(11);
        headers["x-amz-trailer"] = "x-amz-checksum-crc32";
        var answer = await Send(HttpMethod.Put, "wire/k", body, headers);
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Contains($"<Code>{code}</Code>", answer.Body, StringComparison.Ordinal);
        Assert.Empty(Files);
        Assert.Equal((HttpStatusCode.NotFound, ""), await Send(HttpMethod.Head, "wire/k"));
    }

    [Theory]
    [InlineData("<Part><PartNumber>1</PartNumber><ETag>e</ETag><ChecksumCRC32>AAAAAA==</ChecksumCRC32><ChecksumCRC32>AAAAAA==</ChecksumCRC32></Part>", "Part[1] has more than 1 ChecksumCRC32")]
    [InlineData("<Part><PartNumber>1</PartNumber><PartNumber>2</PartNumber><ETag>e</ETag></Part>", "Part[1] has more than 1 PartNumber")]
    [InlineData("<Part><PartNumber>1</PartNumber><ETag>e</ETag><ChecksumSHA512>x</ChecksumSHA512></Part>", "Part[1] has no member ChecksumSHA512")]
    [InlineData("<Part><PartNumber>one</PartNumber><ETag>e</ETag></Part>", "a PartNumber is no whole number")]
    [InlineData("<Part><PartNumber>1</PartNumber></Part>", "Part[1] needs ETag")]
    [InlineData("", "CompleteMultipartUpload needs Part")]
    public async Task A_list_of_parts_that_is_none_is_refused(string parts, string why)
    {
        var answer = await Send(HttpMethod.Post, "wire/k?uploadId=none", $"<CompleteMultipartUpload>{parts}</CompleteMultipartUpload>");
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Contains("<Code>MalformedXML</Code>", answer.Body, StringComparison.Ordinal);
        Assert.Contains(why, answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_deletion_that_names_two_keys_at_once_is_refused()
    {
        await Send(HttpMethod.Put, "wire/a", "a");
        const string body = "<Delete><Object><Key>a</Key><Key>b</Key></Object></Delete>";
        var digest = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(body)));
        var answer = await Send(HttpMethod.Post, "wire?delete", body, new() { ["x-amz-checksum-sha256"] = digest });
        Assert.Contains("Object[1] has more than 1 Key", answer.Body, StringComparison.Ordinal);
        Assert.Equal("a", (await Send(HttpMethod.Get, "wire/a")).Body);
    }

    [Fact]
    public async Task A_body_must_have_the_hash_that_its_request_was_signed_with()
    {
        var right = new Dictionary<string, string> { ["x-amz-content-sha256"] = Convert.ToHexStringLower(SHA256.HashData("x"u8)) };
        Assert.Contains("XAmzContentSHA256Mismatch", (await Send(HttpMethod.Put, "wire/k", "y", right)).Body, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await Send(HttpMethod.Put, "wire/k", "x", right)).Status);
    }

    [Theory]
    [InlineData("versioning", "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>", HttpStatusCode.OK)]
    [InlineData("requestPayment", "<RequestPaymentConfiguration><Payer>Requester</Payer></RequestPaymentConfiguration>", HttpStatusCode.OK)]
    [InlineData("logging", "<BucketLoggingStatus/>", HttpStatusCode.OK)]
    [InlineData("website", "<WebsiteConfiguration><IndexDocument><Suffix>i.html</Suffix></IndexDocument></WebsiteConfiguration>", HttpStatusCode.OK)]
    [InlineData("policy", """{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::wire"}]}""", HttpStatusCode.NoContent)]
    [InlineData("cors", "<CORSConfiguration><CORSRule><AllowedMethod>GET</AllowedMethod><AllowedOrigin>*</AllowedOrigin></CORSRule></CORSConfiguration>", HttpStatusCode.BadRequest)]
    [InlineData("tagging", "<Tagging><TagSet/></Tagging>", HttpStatusCode.BadRequest)]
    public async Task Settings_older_than_digests_take_a_document_without_one(string setting, string document, HttpStatusCode status)
    {
        var answer = await Send(HttpMethod.Put, "wire?" + setting, document);
        Assert.Equal(status, answer.Status);
        Assert.Equal(status == HttpStatusCode.BadRequest, answer.Body.Contains("Missing required header for this request: Content-MD5", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_start_shows_what_was_there_and_removes_what_no_object_names()
    {
        await Send(HttpMethod.Put, "wire/kept", "content");
        var stray = Path.Combine(_aws.DataDirectory, "objects", "ab", "ab" + new string('0', 30));
        Directory.CreateDirectory(Path.GetDirectoryName(stray)!);
        await File.WriteAllTextAsync(stray, "half of an upl");
        await _aws.Restart();
        Assert.False(File.Exists(stray));
        Assert.Equal("content", (await Send(HttpMethod.Get, "wire/kept")).Body);
    }

    [Fact]
    public async Task An_object_that_is_being_read_stays_readable_when_it_is_replaced()
    {
        var (before, after) = (new string('b', SmallContents.Largest + 1), new string('a', SmallContents.Largest + 1));
        await Send(HttpMethod.Put, "wire/k", before);
        var store = _aws.Server.Part<ObjectStore>();
        await using (var content = store.Open("wire", "k")!.Value.Content)
        {
            await Send(HttpMethod.Put, "wire/k", after);
            using var reader = new StreamReader(content);
            Assert.Equal(before, await reader.ReadToEndAsync());
        }

        Assert.Single(Files);
        await Send(HttpMethod.Delete, "wire/k");
        Assert.Empty(Files);
    }

    [Fact]
    public async Task A_body_that_is_refused_before_it_is_sent_is_not_looked_for_in_the_next_request()
    {
        using var client = new TcpClient();
        await client.ConnectAsync(_aws.Server.Endpoint.Host, _aws.Server.Endpoint.Port);
        await using var stream = client.GetStream();
        var request = $"PUT /absent/k HTTP/1.1\r\nHost: {_aws.Server.Endpoint.Authority}\r\nAuthorization: {Authorization}\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request));
        var (answer, buffer) = ("", new byte[4096]);
        while (!answer.EndsWith("</Error>", StringComparison.Ordinal))
        {
            var read = await stream.ReadAsync(buffer);
            Assert.NotEqual(0, read);
            answer += Encoding.UTF8.GetString(buffer, 0, read);
        }

        Assert.StartsWith("HTTP/1.1 404", answer, StringComparison.Ordinal);
        Assert.Contains("Connection: close", answer, StringComparison.Ordinal);
        Assert.Contains("<Code>NoSuchBucket</Code>", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(1023, 0)]
    [InlineData(SmallContents.Largest, 0)]
    [InlineData(SmallContents.Largest + 1, 1)]
    [InlineData(600_000, 1)]
    public async Task Contents_of_every_size_stay_what_they_are_and_small_ones_need_no_file(int size, int files)
    {
        var content = string.Concat(Enumerable.Range(0, (size / 6) + 1).Select(i => $"{i:x5},"))[..size];
        await Send(HttpMethod.Put, "wire/k", "what it replaces");
        await Send(HttpMethod.Put, "wire/k", content);
        Assert.Equal(files, Files.Length);
        await _aws.Restart();
        Assert.Equal(content, (await Send(HttpMethod.Get, "wire/k")).Body);
        Assert.Equal(content.Length > 2 ? content[1..3] : "", size > 2 ? (await Send(HttpMethod.Get, "wire/k", headers: new() { ["Range"] = "bytes=1-2" })).Body : "");
        await Send(HttpMethod.Put, "wire/k", "after the restart");
        Assert.Equal("after the restart", (await Send(HttpMethod.Get, "wire/k")).Body);
        Assert.Equal(1, SmallRows());
        await Send(HttpMethod.Delete, "wire/k");
        Assert.Equal(0, SmallRows());
        Assert.Empty(Files);
    }

    [Fact]
    public async Task Pages_of_any_size_add_up_to_the_whole_listing()
    {
        var store = _aws.Server.Part<ObjectStore>();
        string[] keys = [.. "a a/ a/b a/b/c a/b/d a/c a0 b/ b/1/2 b/1/3 b/2 c// c//d é/1 é/2 😀/x 😀".Split(' '), .. Enumerable.Range(0, 40).Select(i => $"many/{i:x2}")];
        foreach (var key in keys)
        {
            await store.Put("wire", key, new MemoryStream());
        }

        var listing = _aws.Server.Part<ObjectListing>();
        foreach (var (prefix, delimiter) in new[] { ("", ""), ("", "/"), ("a", "/"), ("a/", "/"), ("b", "/1"), ("é", ""), ("many/", "") })
        {
            var expected = Expected(keys, prefix, delimiter);
            foreach (var size in new[] { 1, 2, 3, 1000 })
            {
                Assert.Equal(expected, Pages(listing, prefix, delimiter, size));
            }
        }
    }

    private static List<string> Expected(IEnumerable<string> keys, string prefix, string delimiter) => [.. keys
        .Where(k => k.StartsWith(prefix, StringComparison.Ordinal))
        .Select(k => delimiter.Length > 0 && k.IndexOf(delimiter, prefix.Length, StringComparison.Ordinal) is var at and >= 0 ? k[..(at + delimiter.Length)] + "…" : k)
        .Distinct().OrderBy(k => Convert.ToHexString(Encoding.UTF8.GetBytes(k.TrimEnd('…'))), StringComparer.Ordinal)];

    private static List<string> Pages(ObjectListing listing, string prefix, string delimiter, int size)
    {
        var (all, after) = (new List<string>(), "");
        while (true)
        {
            var page = listing.Page("wire", prefix, delimiter, (after, long.MaxValue), size);
            Assert.True(page.Objects.Count + page.CommonPrefixes.Count <= size);
            all.AddRange(page.Objects.Select(o => o.Key).Concat(page.CommonPrefixes.Select(p => p + "…"))
                .OrderBy(k => Convert.ToHexString(Encoding.UTF8.GetBytes(k.TrimEnd('…'))), StringComparer.Ordinal));
            if (!page.Truncated)
            {
                return all;
            }

            after = page.Last;
        }
    }

    private int SmallRows() => _aws.Server.Part<Database>().Read(c => c.Query("SELECT count(*) FROM small_content", row => row.GetInt32(0)))[0];

    private static Dictionary<string, string> Streaming(int length) => new()
    {
        ["x-amz-content-sha256"] = "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
        ["x-amz-decoded-content-length"] = $"{length}",
    };

    private async Task<(HttpStatusCode Status, string Body)> Send(HttpMethod method, string path, string? body = null, Dictionary<string, string>? headers = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(_aws.Server.Endpoint, path));
        request.Content = body is null ? null : new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        request.Headers.TryAddWithoutValidation("Authorization", Authorization);
        foreach (var (name, value) in headers ?? [])
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await _http.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}
