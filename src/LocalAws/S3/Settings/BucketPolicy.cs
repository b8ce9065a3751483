using System.Text;
using System.Text.Json;
using Slipway.Aws.Wire;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.S3.Settings;

/// <summary>A bucket's policy: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html</summary>
internal sealed class BucketPolicy
{
    private const int Largest = 20 * 1024;

    private static readonly string[] Members = ["Version", "Id", "Statement"];
    private static readonly string[] Versions = ["2012-10-17", "2008-10-17"];

    private readonly List<BucketPolicyStatement> _statements;

    private BucketPolicy(List<BucketPolicyStatement> statements) => _statements = statements;

    /// <summary>
    /// Whether it gives access to everyone, as S3 judges it:
    /// https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status
    /// </summary>
    public bool IsPublic => _statements.Exists(s => s.IsPublic);

    /// <summary>Reads and checks a bucket's policy.</summary>
    /// <exception cref="AwsException">MalformedPolicy.</exception>
    public static BucketPolicy Read(string text, string bucket)
    {
        if (Encoding.UTF8.GetByteCount(text) > Largest)
        {
            throw Malformed($"Policy exceeds the maximum allowed document size of {Largest} bytes");
        }

        var policy = Parse(text);
        if (policy.EnumerateObject().Select(m => m.Name).FirstOrDefault(m => !Members.Contains(m)) is { } unknown)
        {
            throw Malformed($"Unknown field {unknown}");
        }

        if (policy.TryGetProperty("Version", out var version) && !(version.ValueKind == JsonValueKind.String && Versions.Contains(version.GetString())))
        {
            throw Malformed($"The policy must contain a valid version string: {string.Join(" or ", Versions)}");
        }

        var statements = policy.TryGetProperty("Statement", out var given) ? given : throw Malformed("Missing required field Statement");
        var all = statements.ValueKind == JsonValueKind.Array ? statements.EnumerateArray().ToList() : [statements];
        return all.Count > 0 ? new(all.Select((s, i) => BucketPolicyStatement.Read(s, bucket, $"Statement[{i}]")).ToList()) : throw Malformed("Could not parse the policy: Statement is empty!");
    }

    /// <summary>S3's error for a policy that it can't take.</summary>
    public static AwsException Malformed(string message) => S3Errors.Bad("MalformedPolicy", message);

    private static JsonElement Parse(string text)
    {
        const string expected = "Policies must be valid JSON and the first byte must be '{'";
        if (!text.StartsWith('{'))
        {
            throw Malformed(expected);
        }

        return JsonText.Read(text, what => Malformed($"{expected}: it {what}"));
    }
}
