using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Slipway.LocalAws.Access;
using Slipway.LocalAws.Wire;

namespace Slipway.Tests.LocalAws.Access;

/// <summary>Requests and signatures that AWS published for those who implement SigV4.</summary>
public sealed class CanonicalRequestTests
{
    private const string Secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    private const string Date = "20150830T123600Z";
    private const string Scope = "20150830/us-east-1/service/aws4_request";

    [Theory]
    [InlineData("GET", "/", "", "", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31")]
    [InlineData("POST", "/", "", "", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b")]
    [InlineData("GET", "/?Param2=value2&Param1=value1", "", "", "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500")]
    [InlineData("GET", "/example1/example2/../..", "", "", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31")]
    [InlineData("GET", "//", "", "", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31")]
    [InlineData("GET", "/", "My-Header1: value1|My-Header2:  \"a   b   c\" ", "", "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736")]
    [InlineData("GET", "/", "My-Header1:value2|My-Header1:value2|My-Header1:value1", "", "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea")]
    [InlineData("POST", "/", "Content-Type:application/x-www-form-urlencoded", "Param1=value1", "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a")]
    public void The_published_requests_have_their_published_signatures(string method, string target, string headers, string body, string signature)
    {
        var http = Request(method, target, headers);
        var signed = http.Request.Headers.Select(h => h.Key.ToLowerInvariant()).Order(StringComparer.Ordinal).ToArray();
        var canonical = CanonicalRequest.Of(http.Request, RequestTarget.Of(http), signed, TestSigner.Hash(Encoding.UTF8.GetBytes(body)), isS3: false);
        var toSign = $"AWS4-HMAC-SHA256\n{Date}\n{Scope}\n{TestSigner.Hash(Encoding.UTF8.GetBytes(canonical))}";
        var key = new SigningKeys().Find(new("AKIDEXAMPLE", Secret, Identity.Root("000000000000")), Scope);
        Assert.Equal(signature, SigningKeys.Sign(key, toSign));
    }

    [Theory]
    [InlineData("/a%2fb/%7Ec/../d//e", "/a/b/~c/../d//e")]
    [InlineData("/%e2%82%ac(1)+'x'", "/%E2%82%AC%281%29%2B%27x%27")]
    [InlineData("/%FF%zz", "/%FF%25zz")]
    public void A_key_of_S3_is_taken_as_it_is_in_one_encoding(string path, string expected)
    {
        var http = Request("GET", path, "");
        Assert.Equal(expected, CanonicalRequest.Of(http.Request, RequestTarget.Of(http), [], "", isS3: true).Split('\n')[1]);
    }

    [Fact]
    public void A_query_is_decoded_as_it_is_read_sorted_and_without_its_signature()
    {
        var http = Request("GET", "/?uploads&b=1+2%2F&X-Amz-Signature=ab&a=%7e&B=%2B", "");
        Assert.Equal("B=%2B&a=~&b=1%202%2F&uploads=", CanonicalRequest.Of(http.Request, RequestTarget.Of(http), [], "", isS3: false).Split('\n')[2]);
    }

    private static DefaultHttpContext Request(string method, string target, string headers)
    {
        var http = new DefaultHttpContext();
        http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget = target;
        http.Request.Method = method;
        http.Request.Headers.Host = "example.amazonaws.com";
        http.Request.Headers["X-Amz-Date"] = Date;
        foreach (var header in headers.Split('|', StringSplitOptions.RemoveEmptyEntries).Select(h => h.Split(':', 2)))
        {
            http.Request.Headers.Append(header[0], header[1]);
        }

        return http;
    }
}
