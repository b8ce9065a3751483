using System.Text;
using Microsoft.Extensions.Time.Testing;
using Slipway.LocalAws;
using Slipway.LocalAws.S3;
using Slipway.LocalAws.S3.Store;

namespace Slipway.Tests.LocalAws.Access;

/// <summary>
/// The signed requests of S3's own pages, byte by byte, on the day they were signed for:
/// https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html and the pages beside it.
/// </summary>
public sealed class PublishedS3RequestsTests : IAsyncLifetime
{
    private const string Virtual = "examplebucket.s3.amazonaws.com";
    private const string Credential = "Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request";
    private readonly string _data = Directory.CreateTempSubdirectory("slipway-signed-").FullName;
    private readonly FakeTimeProvider _time = new(new(2013, 5, 24, 0, 0, 0, TimeSpan.Zero));
    private LocalAwsServer? _server;

    private LocalAwsServer Server => _server ?? throw new InvalidOperationException("not started");

    public async ValueTask InitializeAsync()
    {
        var file = Path.Combine(_data, "credentials");
        await File.WriteAllTextAsync(file, "[example]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n");
        _server = await LocalAwsServer.Start(new LocalAwsOptions { DataDirectory = _data, RequireAuth = file, Time = _time });
        Server.Part<Buckets>().Create("examplebucket", "us-east-1");
        await Server.Part<ObjectStore>().Put("examplebucket", "test.txt", new MemoryStream(Encoding.UTF8.GetBytes("0123456789abcdef")));
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        Directory.Delete(_data, recursive: true);
    }

    [Fact]
    public async Task The_ranged_get_is_answered_and_no_other_range_by_its_signature()
    {
        var headers = Signed(Virtual, "host;range;x-amz-content-sha256;x-amz-date", "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
            ("Range", "bytes=0-9"), ("x-amz-content-sha256", TestSigner.Hash([])));
        var answer = await RawHttp.Send(Server.Endpoint, "GET", "/test.txt", headers);
        Assert.Equal(206, answer.Status);
        Assert.EndsWith("0123456789", answer.Text, StringComparison.Ordinal);
        headers["Range"] = "bytes=0-15";
        var other = await RawHttp.Send(Server.Endpoint, "GET", "/test.txt", headers);
        Assert.Equal(403, other.Status);
        Assert.Contains("<Code>SignatureDoesNotMatch</Code>", other.Text, StringComparison.Ordinal);
        Assert.Contains("range:bytes=0-15\nx-amz-content-sha256", other.Text.Replace("\r", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("<SignatureProvided>f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41</SignatureProvided>", other.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_presigned_url_is_good_for_its_day()
    {
        const string target = "/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z"
            + "&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404";
        Assert.Contains("0123456789abcdef", (await RawHttp.Send(Server.Endpoint, "GET", target, [new("Host", Virtual)])).Text, StringComparison.Ordinal);
        _time.Advance(TimeSpan.FromSeconds(86_400));
        Assert.Contains("0123456789abcdef", (await RawHttp.Send(Server.Endpoint, "GET", target, [new("Host", Virtual)])).Text, StringComparison.Ordinal);
        _time.Advance(TimeSpan.FromSeconds(1));
        var late = await RawHttp.Send(Server.Endpoint, "GET", target, [new("Host", Virtual)]);
        Assert.Equal(403, late.Status);
        Assert.Contains("<Code>AccessDenied</Code><Message>Request has expired</Message><X-Amz-Expires>86400</X-Amz-Expires><Expires>2013-05-25T00:00:00.000Z</Expires>", late.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, null)]
    [InlineData(70_000, "SignatureDoesNotMatch")]
    [InlineData(66_000, "SignatureDoesNotMatch")]
    public async Task The_chunked_upload_is_taken_whole_or_not_at_all(int flipped, string? code)
    {
        var headers = Signed("s3.amazonaws.com", "content-encoding;content-length;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-storage-class",
            "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9",
            ("x-amz-storage-class", "REDUCED_REDUNDANCY"), ("x-amz-content-sha256", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"), ("Content-Encoding", "aws-chunked"), ("x-amz-decoded-content-length", "66560"));
        var body = Chunks(
            "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648", "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497",
            "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9", "");
        // the page's own length: its signature is over it
        Assert.Equal(66_824, body.Length);
        if (flipped > 0)
        {
            body[Math.Min(flipped, body.Length - 200)] ^= 1;
        }

        await Expect(await RawHttp.Send(Server.Endpoint, "PUT", "/examplebucket/chunkObject.txt", headers, body), "chunkObject.txt", code);
    }

    [Theory]
    [InlineData("d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435", "sOO8/Q==", null)]
    [InlineData("d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e436", "sOO8/Q==", "SignatureDoesNotMatch")]
    [InlineData("d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435", "AAAAAA==", "SignatureDoesNotMatch")]
    [InlineData(null, "sOO8/Q==", "SignatureDoesNotMatch")]
    public async Task The_chunked_upload_with_a_trailer_has_that_signed_too(string? signature, string checksum, string? code)
    {
        var headers = Signed("s3.amazonaws.com", "content-encoding;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-storage-class;x-amz-trailer",
            "106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e",
            ("x-amz-storage-class", "REDUCED_REDUNDANCY"), ("x-amz-content-sha256", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER"), ("Content-Encoding", "aws-chunked"),
            ("x-amz-decoded-content-length", "66560"), ("x-amz-trailer", "x-amz-checksum-crc32c"));
        var body = Chunks(
            "b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2", "1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7",
            "2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992", $"x-amz-checksum-crc32c:{checksum}\r\n" + (signature is null ? "" : $"x-amz-trailer-signature:{signature}\r\n"));
        await Expect(await RawHttp.Send(Server.Endpoint, "PUT", "/examplebucket/chunkObject.txt", headers, body), "chunkObject.txt", code);
    }

    private async Task Expect((int Status, string Text) answer, string key, string? code)
    {
        var stored = Server.Part<ObjectStore>().Find("examplebucket", key);
        if (code is not null)
        {
            Assert.Equal(403, answer.Status);
            Assert.Contains($"<Code>{code}</Code>", answer.Text, StringComparison.Ordinal);
            Assert.Null(stored);
            return;
        }

        Assert.True(answer.Status == 200, answer.Text);
        await using var content = Server.Part<ObjectStore>().Open("examplebucket", key)!.Value.Content;
        using var reader = new StreamReader(content);
        Assert.Equal(new string('a', 66_560), await reader.ReadToEndAsync());
    }

    private static byte[] Chunks(string first, string second, string last, string trailer) => Encoding.UTF8.GetBytes(
        $"10000;chunk-signature={first}\r\n{new string('a', 65_536)}\r\n400;chunk-signature={second}\r\n{new string('a', 1024)}\r\n0;chunk-signature={last}\r\n{trailer}\r\n");

    private static Dictionary<string, string> Signed(string host, string names, string signature, params IEnumerable<(string Name, string Value)> more) =>
        new(more.Select(m => KeyValuePair.Create(m.Name, m.Value)))
        {
            ["Host"] = host, ["x-amz-date"] = "20130524T000000Z", ["Authorization"] = $"AWS4-HMAC-SHA256 {Credential},SignedHeaders={names},Signature={signature}",
        };
}
