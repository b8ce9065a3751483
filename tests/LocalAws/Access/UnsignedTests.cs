using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Slipway.Aws.Wire;
using Slipway.LocalAws;
using Slipway.LocalAws.S3;
using Slipway.LocalAws.S3.Requests;
using Slipway.LocalAws.S3.Store;
using Slipway.LocalAws.Wire;

namespace Slipway.Tests.LocalAws.Access;

/// <summary>No operation is reached without a signature where one is asked for, whatever an unsigned request makes itself look like.</summary>
public sealed class UnsignedTests : IAsyncLifetime
{
    private const string Id = "AKIAALICEALICEALICE1";
    private const string Secret = "alice/secret/of/forty/characters/in/all1";
    private const string Form = "multipart/form-data; boundary=b";
    private const string S3Host = "s3.amazonaws.com";
    private readonly string _data = Directory.CreateTempSubdirectory("slipway-unsigned-").FullName;
    private readonly FakeTimeProvider _time = new(new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private LocalAwsServer? _server;

    private LocalAwsServer Server => _server ?? throw new InvalidOperationException("not started");

    public async ValueTask InitializeAsync()
    {
        await File.WriteAllTextAsync(Path.Combine(_data, "credentials"), $"[alice]\naws_access_key_id = {Id}\naws_secret_access_key = {Secret}\n");
        _server = await LocalAwsServer.Start(new LocalAwsOptions { DataDirectory = _data, RequireAuth = Path.Combine(_data, "credentials"), Time = _time });
        Server.Part<Buckets>().Create("bucket", "us-east-1");
        await Server.Part<ObjectStore>().Put("bucket", "k", new MemoryStream("content"u8.ToArray()));
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        Directory.Delete(_data, recursive: true);
    }

    [Theory]
    [InlineData("")]
    [InlineData(Form)]
    [InlineData("application/x-www-form-urlencoded")]
    public async Task Every_operation_of_s3_asks_for_a_signature_even_where_the_request_says_that_it_is_a_form(string type)
    {
        var body = Encoding.ASCII.GetBytes("--b\r\nContent-Disposition: form-data; name=\"key\"\r\n\r\nforged\r\n--b\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nx\r\n--b--\r\n");
        Assert.Contains(S3Operation.All, o => o.Name == "DeleteObjects");
        foreach (var operation in S3Operation.All)
        {
            var path = operation.Marks.Level switch { S3Level.Service => "/", S3Level.Bucket => "/bucket", _ => "/bucket/k" };
            var target = path + (operation.Marks.Query.Length > 0 ? "?" + string.Join('&', operation.Marks.Query) : "");
            var headers = new Dictionary<string, string> { ["Host"] = S3Host, ["Content-MD5"] = Convert.ToBase64String(MD5.HashData(body)) };
            if (type.Length > 0)
            {
                headers["Content-Type"] = type;
            }

            if (operation.Marks.Header is { } header)
            {
                headers[header] = "/bucket/k";
            }

            var (status, text) = await RawHttp.Send(Server.Endpoint, operation.Marks.Method, target, headers, body);
            Assert.True(status == 403 && (operation.Marks.Method == "HEAD" || text.Contains("<Code>AccessDenied</Code>", StringComparison.Ordinal)), $"{operation.Name}: {status} {text}");
        }

        Assert.Equal(["k"], Server.Part<ObjectStore>().List("bucket", "").Select(o => o.Key));
    }

    [Fact]
    public async Task Every_other_operation_asks_for_a_signature_even_where_the_request_says_that_it_confirms_a_subscription()
    {
        foreach (var service in AwsService.All)
        {
            foreach (var operation in Operations.Of(service))
            {
                var name = operation.Request.Name;
                var body = Encoding.UTF8.GetBytes(service.Protocol == AwsProtocol.Query ? $"Action={name}&Version={service.ApiVersion}" : "{}");
                var headers = new Dictionary<string, string> { ["Host"] = "aws.example", ["Content-Type"] = service.Protocol == AwsProtocol.Query ? "application/x-www-form-urlencoded" : "application/json" };
                if (service.Protocol == AwsProtocol.Json)
                {
                    headers["X-Amz-Target"] = $"{service.TargetPrefix}.{name}";
                }

                var path = operation.Rest is { } rest ? rest.Path.Replace('{', 'a').Replace('}', 'a') : "/";
                Assert.Contains("MissingAuthenticationToken", (await RawHttp.Send(Server.Endpoint, operation.Rest?.Method ?? "POST", path, headers, body)).Text, StringComparison.Ordinal);
                // a link of SNS is asked for without a signature, and by its query alone
                var disguised = await RawHttp.Send(Server.Endpoint, "GET", "/?Action=ConfirmSubscription", headers, body);
                Assert.True(disguised.Status == 400 && disguised.Text.Contains(service.Protocol == AwsProtocol.Json ? $"correct service: '{service.SigningName}'" : "at 'topicArn'", StringComparison.Ordinal), $"{name}: {disguised.Status} {disguised.Text}");
            }
        }
    }

    [Fact]
    public async Task A_url_of_signature_version_2_that_has_expired_stays_so_whatever_its_headers_say()
    {
        var expires = _time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var signature = Convert.ToBase64String(HMACSHA1.HashData(Encoding.UTF8.GetBytes(Secret), Encoding.UTF8.GetBytes($"GET\n\n\n{expires}\n/bucket/k")));
        string Url(string until) => $"/bucket/k?AWSAccessKeyId={Id}&Signature={Uri.EscapeDataString(signature)}&Expires={until}";
        Assert.Equal(200, (await Get(Url(expires))).Status);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Contains("Request has expired", (await Get(Url(expires))).Text, StringComparison.Ordinal);
        var later = Url(_time.GetUtcNow().AddDays(1).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        Assert.Contains("<Code>SignatureDoesNotMatch</Code>", (await Get(later)).Text, StringComparison.Ordinal);
        Assert.Contains("<Code>SignatureDoesNotMatch</Code>", (await Get(later, ("Expires", expires))).Text, StringComparison.Ordinal);
        Assert.Equal(403, (await Get(Url(expires) + "&Expires=99999999999")).Status);
    }

    [Fact]
    public async Task What_names_two_credentials_or_signs_no_host_is_refused()
    {
        var alice = new TestSigner(Id, Secret, _time.GetUtcNow());
        var headers = alice.Headers("GET", S3Host, "/", "", []);
        Assert.Equal(200, (await RawHttp.Send(Server.Endpoint, "GET", "/", headers)).Status);
        var (right, scope) = (headers["Authorization"], alice.Scope);
        headers["Authorization"] = $"{right}, Credential={Id}/{scope.Replace("/s3/", "/sts/", StringComparison.Ordinal)}";
        Assert.Contains("Authorization header has the 'Credential' parameter twice.", (await RawHttp.Send(Server.Endpoint, "GET", "/", headers)).Text, StringComparison.Ordinal);
        headers["Authorization"] = right.Replace("SignedHeaders=host;", "SignedHeaders=", StringComparison.Ordinal);
        Assert.Contains("<HeadersNotSigned>host</HeadersNotSigned>", (await RawHttp.Send(Server.Endpoint, "GET", "/", headers)).Text, StringComparison.Ordinal);
        var empty = await RawHttp.Send(Server.Endpoint, "POST", "/", [new("Host", "aws.example"), new("X-Amz-Target", "SageMaker.ListModels"), new("Authorization", "")], "{}"u8.ToArray());
        Assert.Contains("MissingAuthenticationTokenException", empty.Text, StringComparison.Ordinal);
    }

    private Task<(int Status, string Text)> Get(string target, params IEnumerable<(string Name, string Value)> headers) =>
        RawHttp.Send(Server.Endpoint, "GET", target, headers.Select(h => KeyValuePair.Create(h.Name, h.Value)).Append(new("Host", S3Host)));
}
