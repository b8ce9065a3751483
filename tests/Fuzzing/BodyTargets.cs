using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Slipway.Aws.Iam;
using Slipway.Aws.SageMaker;
using Slipway.Aws.Wire;
using Slipway.LocalAws.Access;
using Slipway.LocalAws.S3.Requests;
using Slipway.Tests.Fuzzing.Judges;

namespace Slipway.Tests.Fuzzing;

/// <summary>The readers of a request's body by themselves, where what they read can be compared with what was sent.</summary>
internal static partial class BodyTargets
{
    private const string Content = "hello world";
    private const string Trailer = "x-amz-checksum-crc32:DUoRhQ==";
    private static readonly string[] ChunkWords = ["\r\n", "0\r\n", ";", ":", "ffffffff", "7fffffffffffffff", "-1", ";chunk-signature="];
    private static readonly byte[] Key = SHA256.HashData("key"u8);
    private static readonly Signature Seed = new("AKIA", "20260101/us-east-1/s3/aws4_request", "20260101T000000Z", default, ["host"], new string('0', 64));

    public static IEnumerable<FuzzTarget> All()
    {
        yield return new("chunked", [Bytes($"5;chunk-signature=ab\r\nhello\r\n6\r\n world\r\n0\r\n{Trailer}\r\n\r\n"), Bytes($"1a\r\n{new string('a', 26)}\r\n00A\r\n0\r\n\r\n0;\r\n0\r\n\r\n")], ChunkWords, input => FuzzTargets.ExpectAws(() =>
        {
            var content = Read(input, null);
            Assert.Equal(Unchunked(input), content);
        }));
        yield return new("chunked-signed", [Signed("hello", " wor", "ld"), Signed(Content)], ChunkWords, input => FuzzTargets.ExpectAws(() => Assert.Equal(Bytes(Content), Read(input, Signatures(), Trailer))));
        yield return new("xml", [Bytes("<?xml version=\"1.0\"?><a xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><b>x&lt;&#65;</b><!-- c --><d><![CDATA[e]]></d></a>"), Bytes("<!DOCTYPE a [<!ENTITY b 'c'><!ENTITY d '&b;&b;&b;'>]><a>&d;</a>")],
            ["<!DOCTYPE a>", "<!DOCTYPE a [<!ENTITY b 'c'>]>", "<!DOCTYPE a SYSTEM 'file:///etc/passwd'>", "&b;", "&amp;", "&#x0;", "<![CDATA[", "]]>", "<!--", "-->", "<a>", "</a>", "xmlns:x='y'", "x:"], ReadXml);
        const string job = """{"TrainingJobName":"fuzz","AlgorithmSpecification":{"TrainingImage":"i","TrainingInputMode":"File"},"RoleArn":"arn:aws:iam::000000000000:role/nobody","OutputDataConfig":{"S3OutputPath":"s3://fuzz/o"},"ResourceConfig":{"InstanceType":"ml.m5.large","InstanceCount":1,"VolumeSizeInGB":1},"StoppingCondition":{"MaxRuntimeInSeconds":60},"HyperParameters":{"a":"1"},"Tags":[{"Key":"k","Value":"v"}]}""";
        yield return new("json", [Bytes(job)], ["{", "}", ",\"Bogus\":1", "\"Tags\":[],", "null", "true", "1.5", "[", "]", "\"\"", ",\"Environment\":{\"A\":\"b\"}", "\\u0041", "é"], ReadJson);
        const string role = "Action=CreateRole&Version=2010-05-08&RoleName=fuzz&AssumeRolePolicyDocument=%7B%7D&Tags.member.1.Key=a&Tags.member.1.Value=b&Tags.member.2.Key=c&Tags.member.2.Value=d&MaxSessionDuration=3600";
        yield return new("query", [Bytes(role)], ["&", "=", "%41", "+", "&Tags.member.3.Key=e", "&Tags.member.9.Key=e", "&Tags=x", "&Tags.x=y", "&RoleName.a=b", ".member.", ".1", ".", "&Path=%2Fa%2F", "&Tags.member.1.Key.x=y"], ReadQuery);
    }

    /// <summary>What stands before a request's body, with its limits: a first line of 16 KB, 100 headers of 32 KB in all.</summary>
    public static FuzzTarget Head(Uri server)
    {
        static string Request(string target, params IEnumerable<string> headers) => $"GET {target} HTTP/1.1\r\nHost: s3.amazonaws.com\r\n{string.Concat(headers.Select(h => h + "\r\n"))}\r\n";
        static IEnumerable<string> Headers(int count, int length) => Enumerable.Range(0, count).Select(i => $"x-amz-meta-{i}: {new string('v', length)}");
        return new(
            "head",
            [
                .. new[]
                {
                    Request("/"), Request("/bucket?list-type=2&prefix=%C3%BC"), Request("/" + new string('k', 16_000)), Request("/" + new string('k', 17_000)), Request("/", Headers(98, 1)),
                    Request("/", Headers(101, 1)), Request("/", Headers(8, 4_000)), Request("/", Headers(9, 4_000)), Request("/", "Transfer-Encoding: chunked", "Content-Length: 5"),
                    Request("/", "Expect: 100-continue", "Content-Length: 9223372036854775807"), "POST / HTTP/1.0\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "\u0016\u0003\u0001",
                }.Select(Bytes),
            ],
            ["\r\n", "\n", "\r", "\0", ": ", "Host: ", "Content-Length: ", "Transfer-Encoding: ", "chunked", "Authorization: AWS4-HMAC-SHA256 Credential=", "//", "%00", "%2e%2e", "?", "#", "http://", "HTTP/1.1", "é", "-1", new string('a', 8_000)],
            input => RawHead.Send(server, input), Cost: 4);
    }

    private static byte[] Read(byte[] body, ChunkSignatures? signatures, string? trailer = null)
    {
        using var chunked = new AwsChunkedStream(new MemoryStream(body), signatures);
        using var content = new MemoryStream();
        chunked.CopyToAsync(content).GetAwaiter().GetResult();
        if (trailer is not null)
        {
            Assert.Equal(trailer, Assert.Single(chunked.Trailers.Where(t => t.Key != "x-amz-trailer-signature").Select(t => $"{t.Key}:{t.Value}")));
        }

        return content.ToArray();
    }

    private static byte[] Unchunked(byte[] body)
    {
        var (content, at) = (new List<byte>(), 0);
        while (true)
        {
            var end = Array.IndexOf(body, (byte)'\n', at);
            var size = int.Parse(Encoding.Latin1.GetString(body, at, end - at).TrimEnd('\r').Split(';')[0], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            if (size == 0)
            {
                // the headers after it, up to an empty line, and then nothing
                var rest = Encoding.Latin1.GetString(body, end + 1, body.Length - end - 1);
                Assert.Equal("", BlankLine().Split(rest, 2)[^1] is var after && BlankLine().IsMatch(rest) ? after.Trim('\r', '\n') : "");
                return [.. content];
            }

            content.AddRange(body.AsSpan(end + 1, size));
            at = Array.IndexOf(body, (byte)'\n', end + 1 + size) + 1;
        }
    }

    private static ChunkSignatures Signatures()
    {
        var http = new DefaultHttpContext();
        http.Features.Set(new CheckedSignature(Seed, Key));
        return ChunkSignatures.Of(http, PayloadHash.StreamingSignedTrailer)!;
    }

    /// <summary>A body of signed chunks as AWS's page makes one: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html</summary>
    private static byte[] Signed(params string[] chunks)
    {
        static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Bytes(text)));
        var (body, previous) = (new StringBuilder(), Seed.Value);
        string Sign(string kind, string hashes) =>
            previous = Convert.ToHexStringLower(HMACSHA256.HashData(Key, Bytes($"AWS4-HMAC-SHA256-{kind}\n{Seed.SignedAt}\n{Seed.Scope}\n{previous}\n{hashes}")));
        foreach (var chunk in chunks.Append(""))
        {
            body.Append(CultureInfo.InvariantCulture, $"{chunk.Length:x};chunk-signature={Sign("PAYLOAD", $"{Hash("")}\n{Hash(chunk)}")}\r\n{chunk}{(chunk.Length > 0 ? "\r\n" : "")}");
        }

        return Bytes($"{body}{Trailer}\r\nx-amz-trailer-signature:{Sign("TRAILER", Hash(Trailer + "\n"))}\r\n\r\n");
    }

    private static void ReadXml(byte[] input) => FuzzTargets.ExpectAws(() =>
    {
        var root = RequestBody.ParseXml(input);
        Assert.All(root.DescendantsAndSelf(), e => Assert.Equal("", e.Name.NamespaceName));
        // what an entity stands for may be anything, and as much as there is memory
        Assert.DoesNotContain("<!DOCTYPE", NoMarkup().Replace(Encoding.UTF8.GetString(input), ""), StringComparison.Ordinal);
    });

    private static void ReadJson(byte[] input) => FuzzTargets.ExpectAws(() =>
    {
        var read = RequestReader.Read(input, typeof(CreateTrainingJob));
        MemberJudge.Check(JsonNode.Parse(input), JsonSerializer.SerializeToNode(read, read.GetType(), AwsJson.For(AwsService.Of(read.GetType()))));
    });

    private static void ReadQuery(byte[] input) => FuzzTargets.ExpectAws(() =>
    {
        var form = QueryHelpers.ParseQuery(Encoding.UTF8.GetString(input)).ToDictionary(f => f.Key, f => f.Value.ToString());
        var read = RequestReader.Read(JsonSerializer.SerializeToUtf8Bytes(QueryForm.ToJson(form, typeof(CreateRole))), typeof(CreateRole));
        var known = QueryForm.ToForm(read).ToDictionary(f => f.Key, f => f.Value);
        Assert.All(form.Where(f => f.Key is not ("Action" or "Version")), f => Assert.Equal(f.Value, known.GetValueOrDefault(f.Key, "")));
    });

    [GeneratedRegex(@"(?:\A|(?<=\n))\r*\n")]
    private static partial Regex BlankLine();

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    [GeneratedRegex(@"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>", RegexOptions.Singleline)]
    private static partial Regex NoMarkup();
}
