using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Time.Testing;
using Slipway.LocalAws;
using Slipway.LocalAws.Iam;

namespace Slipway.Tests.LocalAws.Access;

/// <summary>Signatures as a clock goes on: right ones, and each wrong one with the error that the service's protocol has for it.</summary>
public sealed class AuthenticationTests : IAsyncLifetime
{
    private const string Id = "AKIAALICEALICEALICE1";
    private const string Secret = "alice/secret/of/forty/characters/in/all1";
    private const string Host = "aws.example";
    private const string Role = "arn:aws:iam::000000000000:role/reader";
    private const string Identify = "Action=GetCallerIdentity&Version=2011-06-15";
    private readonly string _data = Directory.CreateTempSubdirectory("slipway-signed-").FullName;
    private readonly FakeTimeProvider _time = new(new(2026, 3, 1, 23, 50, 0, TimeSpan.Zero));
    private LocalAwsServer? _server;

    public static TheoryData<string, int, string> Services => new()
    {
        { "s3", 403, "<Code>{0}</Code>" }, { "sts", 403, "<Code>{0}</Code>" }, { "sagemaker", 400, "\"__type\":\"{0}\"" }, { "runtime", 403, "x-amzn-ErrorType: {0}" },
    };

    private LocalAwsServer Server => _server ?? throw new InvalidOperationException("not started");

    private TestSigner Alice => new(Id, Secret, _time.GetUtcNow());

    public async ValueTask InitializeAsync()
    {
        await File.WriteAllTextAsync(Path.Combine(_data, "credentials"), $"[alice]\naws_access_key_id = {Id}\naws_secret_access_key = {Secret}\n");
        await Start();
        Server.Part<Roles>().Create(new("reader", "{}", MaxSessionDuration: 7200));
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        Directory.Delete(_data, recursive: true);
    }

    [Theory]
    [MemberData(nameof(Services))]
    public async Task Each_protocol_has_its_own_error_for_each_wrong_signature(string service, int denied, string shape)
    {
        string[] codes = service switch
        {
            "s3" => ["InvalidAccessKeyId", "SignatureDoesNotMatch", "RequestTimeTooSkewed", "AuthorizationHeaderMalformed", "AccessDenied", "InvalidToken"],
            "sts" => ["InvalidClientTokenId", "SignatureDoesNotMatch", "SignatureDoesNotMatch", "IncompleteSignature", "MissingAuthenticationToken", "InvalidClientTokenId"],
            _ => ["UnrecognizedClientException", "InvalidSignatureException", "InvalidSignatureException", "IncompleteSignatureException", "MissingAuthenticationTokenException", "UnrecognizedClientException"],
        };
        await Expect(codes[0], denied, await Ask(service, Alice with { Id = "AKIANOBODYNOBODYNOB1" }));
        await Expect(codes[1], denied, await Ask(service, Alice with { Secret = Secret + "x" }));
        await Expect(codes[2], denied, await Ask(service, Alice with { Time = _time.GetUtcNow().AddMinutes(-15).AddSeconds(-1) }));
        await Expect(codes[2], denied, await Ask(service, Alice with { Time = _time.GetUtcNow().AddMinutes(15).AddSeconds(1) }));
        await Expect(codes[3], 400, await Ask(service, Alice, h => h["Authorization"] = h["Authorization"].Replace("SignedHeaders", "Headers", StringComparison.Ordinal)));
        await Expect(codes[5], service == "s3" ? 400 : denied, await Ask(service, Alice with { Token = "made-up" }));
        await Expect(codes[4], denied, await Ask(service, Alice, h =>
        {
            h.Remove("Authorization");
            h["host"] = service == "s3" ? "s3.amazonaws.com" : Host;
        }));

        // the same again, signed as it should be, at both ends of what a clock may be off
        foreach (var off in new[] { -15, 0, 15 })
        {
            var right = await Ask(service, Alice with { Time = _time.GetUtcNow().AddMinutes(off) });
            Assert.True(right.Status is 200 || (service == "runtime" && right.Text.Contains("ValidationError", StringComparison.Ordinal)), right.Text);
        }

        Task Expect(string code, int status, (int Status, string Text) answer)
        {
            Assert.True(answer.Status == status && answer.Text.Contains(string.Format(shape, code), StringComparison.Ordinal), $"{service}: {status} {code} is expected, and it is {answer.Status} {answer.Text}");
            return Task.CompletedTask;
        }
    }

    [Theory]
    [InlineData("s3", 400, "<Code>AuthorizationHeaderMalformed</Code><Message>The authorization header is malformed; the region 'nowhere' is wrong; expecting 'us-east-1'</Message><Region>us-east-1</Region>")]
    [InlineData("sts", 403, "<Code>SignatureDoesNotMatch</Code><Message>Credential should be scoped to a valid region, not 'nowhere'.</Message>")]
    [InlineData("sagemaker", 400, "\"__type\":\"InvalidSignatureException\",\"message\":\"Credential should be scoped to a valid region, not 'nowhere'.\"")]
    [InlineData("runtime", 403, "Credential should be scoped to a valid region, not 'nowhere'.")]
    public async Task A_signature_is_for_a_region_that_can_be(string service, int status, string error)
    {
        var answer = await Ask(service, Alice with { Region = "nowhere" });
        Assert.True(answer.Status == status && answer.Text.Contains(error, StringComparison.Ordinal), answer.Text);
        var presigned = await Get((Alice with { Service = service == "runtime" ? "sagemaker" : service, Region = "us-east" }).Presign("GET", Host, "/", 60));
        Assert.Contains(service == "s3" ? "<Code>AuthorizationQueryParametersError</Code><Message>Error parsing the X-Amz-Credential parameter; the region 'us-east' is wrong; expecting 'us-east-1'" : "not 'us-east'.", presigned.Text, StringComparison.Ordinal);
        foreach (var region in new[] { "ap-northeast-2", "us-gov-west-1", "cn-north-1" })
        {
            Assert.DoesNotContain("region", (await Ask(service, Alice with { Region = region })).Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_signature_is_for_the_service_that_is_asked()
    {
        var body = "{}"u8.ToArray();
        var headers = (Alice with { Service = "kms" }).Headers("POST", Host, "/", "", body, ("content-type", "application/x-amz-json-1.1"), ("x-amz-target", "SageMaker.ListModels"));
        var answer = await RawHttp.Send(Server.Endpoint, "POST", "/", headers, body);
        Assert.Equal(400, answer.Status);
        Assert.Contains("\"__type\":\"InvalidSignatureException\",\"message\":\"Credential should be scoped to correct service: 'sagemaker'.\"", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_presigned_url_asks_STS_who_signed_it()
    {
        var url = (Alice with { Service = "sts" }).Presign("GET", Host, "/", 60, Identify);
        Assert.Contains("user/alice", (await Get(url)).Text, StringComparison.Ordinal);
        Assert.Contains("SignatureDoesNotMatch", (await Get(url.Replace("2011", "2012", StringComparison.Ordinal))).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_clock_that_is_off_is_told_what_time_it_is()
    {
        var s3 = await Ask("s3", Alice with { Time = _time.GetUtcNow().AddHours(-1) });
        Assert.Contains(
            "<RequestTime>20260301T225000Z</RequestTime><ServerTime>2026-03-01T23:50:00.000Z</ServerTime><MaxAllowedSkewMilliseconds>900000</MaxAllowedSkewMilliseconds>", s3.Text, StringComparison.Ordinal);
        var json = await Ask("sagemaker", Alice with { Time = _time.GetUtcNow().AddHours(-1) });
        Assert.Contains("Signature expired: 20260301T225000Z is now earlier than 20260301T233500Z (20260301T235000Z - 15 min.)", json.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_body_and_every_header_that_counts_are_signed()
    {
        var body = Encoding.UTF8.GetBytes(Identify);
        var headers = Alice with { Service = "sts" } is var sts ? sts.Headers("POST", Host, "/", "", body, ("content-type", "application/x-www-form-urlencoded")) : [];
        Assert.Contains("user/alice", (await RawHttp.Send(Server.Endpoint, "POST", "/", headers, body)).Text, StringComparison.Ordinal);
        var changed = await RawHttp.Send(Server.Endpoint, "POST", "/", headers, Encoding.UTF8.GetBytes(Identify.Replace("GetCallerIdentity", "GetCallerIdentitx", StringComparison.Ordinal)));
        Assert.Contains("<Code>SignatureDoesNotMatch</Code>", changed.Text, StringComparison.Ordinal);
        headers = Alice.Headers("GET", Host, "/", "", []);
        headers["x-amz-expected-bucket-owner"] = "000000000000";
        Assert.Contains("<HeadersNotSigned>x-amz-expected-bucket-owner</HeadersNotSigned>", (await RawHttp.Send(Server.Endpoint, "GET", "/", headers)).Text, StringComparison.Ordinal);
        headers = (Alice with { Service = "sagemaker" }).Headers("POST", Host, "/", "", "{}"u8.ToArray());
        headers["X-Amz-Target"] = "SageMaker.ListModels";
        Assert.Contains("'x-amz-target' must be a 'SignedHeader'", (await RawHttp.Send(Server.Endpoint, "POST", "/", headers, "{}"u8.ToArray())).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_object_is_what_was_signed_or_nothing()
    {
        Assert.Equal(200, (await Put(Alice, "/bucket", [])).Status);
        var body = "signed"u8.ToArray();
        var headers = Alice.Headers("PUT", Host, "/bucket/k", "", body);
        var other = await RawHttp.Send(Server.Endpoint, "PUT", "/bucket/k", headers, "forged"u8.ToArray());
        Assert.Contains("<Code>XAmzContentSHA256Mismatch</Code>", other.Text, StringComparison.Ordinal);
        Assert.Equal(404, (await RawHttp.Send(Server.Endpoint, "GET", "/bucket/k", Alice.Headers("GET", Host, "/bucket/k", "", []))).Status);
        Assert.Equal(200, (await RawHttp.Send(Server.Endpoint, "PUT", "/bucket/k", headers, body)).Status);
        var unsigned = Alice.Headers("PUT", Host, "/bucket/u", "", [], ("x-amz-content-sha256", "UNSIGNED-PAYLOAD"));
        Assert.Equal(200, (await RawHttp.Send(Server.Endpoint, "PUT", "/bucket/u", unsigned, "anything"u8.ToArray())).Status);
        var unknown = Alice.Headers("PUT", Host, "/bucket/u", "", [], ("x-amz-content-sha256", "SOMETHING"));
        Assert.Contains("x-amz-content-sha256 must be UNSIGNED-PAYLOAD", (await RawHttp.Send(Server.Endpoint, "PUT", "/bucket/u", unknown, [])).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x-amz-checksum-crc32:DUoRhQ==", null, null)]
    [InlineData("x-amz-checksum-crc32:AAAAAA==", null, "BadDigest")]
    [InlineData("x-amz-checksum-sha1:DUoRhQ==", null, "MalformedTrailerError")]
    [InlineData("x-amz-checksum-crc32:DUoRhQ==", "x-amz-decoded-content-length", "SignatureDoesNotMatch")]
    [InlineData("x-amz-checksum-crc32:DUoRhQ==", "x-amz-trailer", "SignatureDoesNotMatch")]
    public async Task Unsigned_chunks_with_a_trailer_are_taken_by_the_signature_of_their_headers(string trailer, string? forged, string? code)
    {
        Assert.Equal(200, (await Put(Alice, "/bucket", [])).Status);
        var headers = Alice.Headers(
            "PUT", Host, "/bucket/k", "", [], ("content-encoding", "aws-chunked"), ("x-amz-content-sha256", "STREAMING-UNSIGNED-PAYLOAD-TRAILER"),
            ("x-amz-decoded-content-length", "11"), ("x-amz-trailer", "x-amz-checksum-crc32"));
        if (forged is not null)
        {
            headers[forged] += "1";
        }

        var answer = await RawHttp.Send(Server.Endpoint, "PUT", "/bucket/k", headers, Encoding.ASCII.GetBytes($"b\r\nhello world\r\n0\r\n{trailer}\r\n\r\n"));
        Assert.Equal(code, Regex.Match(answer.Text, "<Code>(.*?)</Code>") is { Success: true } error ? error.Groups[1].Value : null);
        var kept = await RawHttp.Send(Server.Endpoint, "GET", "/bucket/k", Alice.Headers("GET", Host, "/bucket/k", "", []));
        Assert.Equal(code is null ? 200 : 404, kept.Status);
        Assert.True(code is not null || kept.Text.EndsWith("hello world", StringComparison.Ordinal), kept.Text);
    }

    [Fact]
    public async Task A_presigned_url_is_good_for_its_time_and_its_request_alone()
    {
        Assert.Equal(200, (await Put(Alice, "/bucket", [])).Status);
        Assert.Equal(200, (await Put(Alice, "/bucket/k", "content"u8.ToArray())).Status);
        var url = Alice.Presign("GET", Host, "/bucket/k", 60);
        Assert.Contains("content", (await Get(url)).Text, StringComparison.Ordinal);
        Assert.Contains("SignatureDoesNotMatch", (await Get(url.Replace("/k?", "/l?", StringComparison.Ordinal))).Text, StringComparison.Ordinal);
        Assert.Contains("SignatureDoesNotMatch", (await Get(url.Replace("Expires=60", "Expires=600", StringComparison.Ordinal))).Text, StringComparison.Ordinal);
        Assert.Contains("SignatureDoesNotMatch", (await Get(url + "&versionId=null")).Text, StringComparison.Ordinal);
        Assert.Contains("less than 604800 seconds", (await Get(Alice.Presign("GET", Host, "/bucket/k", 604_801))).Text, StringComparison.Ordinal);
        Assert.Contains("AuthorizationQueryParametersError", (await Get(Alice.Presign("GET", Host, "/bucket/k", -1))).Text, StringComparison.Ordinal);
        foreach (var far in new[] { new DateTimeOffset(9999, 12, 31, 23, 59, 59, TimeSpan.Zero), new DateTimeOffset(2026, 3, 2, 0, 5, 1, TimeSpan.Zero) })
        {
            Assert.Contains("Request is not valid yet", (await Get((Alice with { Time = far }).Presign("GET", Host, "/bucket/k", 604_800))).Text, StringComparison.Ordinal);
        }

        Assert.Contains("Request has expired", (await Get((Alice with { Time = DateTimeOffset.MinValue }).Presign("GET", Host, "/bucket/k", 604_800))).Text, StringComparison.Ordinal);
        var week = Alice.Presign("GET", Host, "/bucket/k", 604_800);
        _time.Advance(TimeSpan.FromSeconds(61));
        Assert.Contains("Request has expired", (await Get(url)).Text, StringComparison.Ordinal);
        _time.Advance(TimeSpan.FromDays(7) - TimeSpan.FromSeconds(61));
        Assert.Equal(200, (await Get(week)).Status);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(403, (await Get(week)).Status);
        var identity = (Alice with { Service = "sts" }).Presign("GET", Host, "/", 60);
        Assert.Contains("SignatureDoesNotMatch", (await Get(identity + "&" + Identify)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_credentials_of_a_role_work_until_they_expire_and_outlive_a_restart()
    {
        var session = await Assume(Alice, 900);
        Assert.Contains("arn:aws:sts::000000000000:assumed-role/reader/rehearsal", (await Ask("sts", session)).Text, StringComparison.Ordinal);
        await Server.DisposeAsync();
        await Start();
        foreach (var service in new[] { "s3", "sagemaker", "sts" })
        {
            Assert.Equal(200, (await Ask(service, session)).Status);
        }

        // without its token, with another session's, with the token of nobody: no key
        Assert.Contains("InvalidAccessKeyId", (await Ask("s3", session with { Token = null })).Text, StringComparison.Ordinal);
        Assert.Contains("InvalidToken", (await Ask("s3", session with { Token = (await Assume(Alice, 900)).Token })).Text, StringComparison.Ordinal);
        Assert.Contains("InvalidToken", (await Ask("s3", session with { Token = session.Token![..^2] + "AA" })).Text, StringComparison.Ordinal);
        Assert.Contains("SignatureDoesNotMatch", (await Ask("s3", session with { Secret = Secret })).Text, StringComparison.Ordinal);
        _time.Advance(TimeSpan.FromSeconds(899));
        Assert.Equal(200, (await Ask("s3", session with { Time = _time.GetUtcNow() })).Status);
        _time.Advance(TimeSpan.FromSeconds(1));
        var late = session with { Time = _time.GetUtcNow() };
        Assert.Contains("<Code>ExpiredToken</Code><Message>The provided token has expired.</Message>", (await Ask("s3", late)).Text, StringComparison.Ordinal);
        Assert.Contains("<Code>ExpiredToken</Code>", (await Ask("sts", late)).Text, StringComparison.Ordinal);
        Assert.Contains("\"__type\":\"ExpiredTokenException\"", (await Ask("sagemaker", late)).Text, StringComparison.Ordinal);
        Assert.Contains("<Code>ExpiredToken</Code>", (await Get(late.Presign("GET", Host, "/", 60))).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_session_is_no_longer_than_its_role_allows_and_a_chained_one_no_longer_than_an_hour()
    {
        Assert.Contains("exceeds the MaxSessionDuration", (await AskToAssume(Alice, 7201)).Text, StringComparison.Ordinal);
        var session = await Assume(Alice, 7200);
        Assert.Contains("exceeds the 1 hour session limit", (await AskToAssume(session, 3601)).Text, StringComparison.Ordinal);
        var chained = await Assume(session, 3600);
        Assert.Contains("assumed-role/reader/rehearsal", (await Ask("sts", chained)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Other_ways_of_signing_are_refused_by_name()
    {
        var headers = Alice.Headers("GET", Host, "/", "", []);
        headers["Authorization"] = headers["Authorization"].Replace("AWS4-HMAC-SHA256", "AWS4-ECDSA-P256-SHA256", StringComparison.Ordinal).Replace("/us-east-1", "", StringComparison.Ordinal);
        var asymmetric = await RawHttp.Send(Server.Endpoint, "GET", "/", headers);
        Assert.Equal(501, asymmetric.Status);
        Assert.Contains("<Message>Local AWS does not support SigV4a (AWS4-ECDSA-P256-SHA256)", asymmetric.Text, StringComparison.Ordinal);
        var second = await RawHttp.Send(Server.Endpoint, "GET", "/", [new("Host", Host), new("Authorization", $"AWS {Id}:c2lnbmF0dXJl")]);
        Assert.Contains("Please use AWS4-HMAC-SHA256.", second.Text, StringComparison.Ordinal);
    }

    private async Task Start() => _server = await LocalAwsServer.Start(new LocalAwsOptions { DataDirectory = _data, RequireAuth = Path.Combine(_data, "credentials"), Time = _time });

    private Task<(int Status, string Text)> Ask(string service, TestSigner signer, Action<Dictionary<string, string>>? change = null)
    {
        (string Method, string Path, string? Body, (string, string)[] More) ask = service switch
        {
            "s3" => ("GET", "/", null, []),
            "sts" => ("POST", "/", Identify, [("content-type", "application/x-www-form-urlencoded")]),
            "runtime" => ("POST", "/endpoints/none/invocations", "1,2", [("content-type", "text/csv")]),
            _ => ("POST", "/", "{}", [("content-type", "application/x-amz-json-1.1"), ("x-amz-target", "SageMaker.ListModels")]),
        };
        var body = ask.Body is null ? null : Encoding.UTF8.GetBytes(ask.Body);
        var headers = (signer with { Service = service == "runtime" ? "sagemaker" : service }).Headers(ask.Method, Host, ask.Path, "", body ?? [], ask.More);
        change?.Invoke(headers);
        return RawHttp.Send(Server.Endpoint, ask.Method, ask.Path, headers, body);
    }

    private Task<(int Status, string Text)> Put(TestSigner signer, string path, byte[] body) =>
        RawHttp.Send(Server.Endpoint, "PUT", path, signer.Headers("PUT", Host, path, "", body), body);

    private Task<(int Status, string Text)> Get(string target) => RawHttp.Send(Server.Endpoint, "GET", target, [new("Host", Host)]);

    private Task<(int Status, string Text)> AskToAssume(TestSigner signer, int seconds)
    {
        var body = Encoding.UTF8.GetBytes($"Action=AssumeRole&Version=2011-06-15&RoleArn={Uri.EscapeDataString(Role)}&RoleSessionName=rehearsal&DurationSeconds={seconds}");
        var headers = (signer with { Service = "sts" }).Headers("POST", Host, "/", "", body, ("content-type", "application/x-www-form-urlencoded"));
        return RawHttp.Send(Server.Endpoint, "POST", "/", headers, body);
    }

    private async Task<TestSigner> Assume(TestSigner signer, int seconds)
    {
        var answer = await AskToAssume(signer, seconds);
        Assert.True(answer.Status == 200, answer.Text);
        string Value(string name) => Regex.Match(answer.Text, $"<{name}>(.*?)</{name}>").Groups[1].Value;
        return signer with { Id = Value("AccessKeyId"), Secret = Value("SecretAccessKey"), Token = Value("SessionToken"), Service = "s3" };
    }
}
