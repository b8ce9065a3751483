using System.Globalization;
using System.Text;
using System.Text.Json;
using Slipway.Aws.Wire;
using Slipway.LocalAws.S3.Requests;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.S3.Forms;

/// <summary>What a form may put, signed by who made the form: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html</summary>
internal sealed class PostPolicy
{
    private const string SizeRange = "content-length-range";

    // ISO 8601 in UTC, as S3 asks for it
    private static readonly string[] Times = ["yyyy-MM-dd'T'HH:mm:ss'Z'", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'"];

    // the fields that the policy need not name
    private static readonly string[] Free = ["policy", "file", "signature", "x-amz-signature", "AWSAccessKeyId"];

    private readonly DateTimeOffset _expiration;
    private readonly List<string[]> _conditions;

    private PostPolicy(DateTimeOffset expiration, List<string[]> conditions)
    {
        (_expiration, _conditions) = (expiration, conditions);
        var ranges = conditions.FindAll(c => c[0] == SizeRange).ConvertAll(c => (Condition: c, Least: Number(c[1]), Most: Number(c[2])));
        if (ranges.Find(r => r.Least is null || r.Most is null) is { Condition: { } wrong })
        {
            throw Failed(wrong);
        }

        (Least, Most) = (ranges.Max(r => r.Least) ?? 0, ranges.Min(r => r.Most) ?? long.MaxValue);
    }

    /// <summary>The fewest bytes that the file may have.</summary>
    public long Least { get; }

    /// <summary>The most bytes that it may have.</summary>
    public long Most { get; }

    /// <summary>Reads a policy.</summary>
    /// <param name="encoded">The form's field, in base64.</param>
    /// <exception cref="AwsException">InvalidPolicyDocument; AccessDenied: a range of sizes that is none.</exception>
    public static PostPolicy Read(string encoded)
    {
        var policy = Parse(encoded);
        if (policy.ValueKind != JsonValueKind.Object || !policy.TryGetProperty("expiration", out var expiration))
        {
            throw Invalid("Policy missing expiration.");
        }

        if (expiration.ValueKind != JsonValueKind.String || !DateTimeOffset.TryParseExact(
            expiration.GetString(), Times, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var end))
        {
            throw Invalid($"Invalid 'expiration' value: '{expiration}'");
        }

        return policy.TryGetProperty("conditions", out var conditions) && conditions.ValueKind == JsonValueKind.Array
            ? new(end, [.. conditions.EnumerateArray().Select(Condition)])
            : throw Invalid("Policy missing conditions.");
    }

    /// <summary>Checks the fields of a form.</summary>
    /// <exception cref="AwsException">AccessDenied: expired, a condition that doesn't hold, or a field that the policy doesn't name.</exception>
    public void Check(S3Request request, PostForm form, DateTimeOffset now)
    {
        if (now > _expiration)
        {
            throw Denied("Policy expired.");
        }

        if (_conditions.Find(c => c[0] != SizeRange && !Holds(c, request, form)) is { } failed)
        {
            throw Failed(failed);
        }

        var named = _conditions.Where(c => c[0] != SizeRange).Select(c => c[1].TrimStart('$')).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var extra = form.Names.Where(f => !named.Contains(f) && !Free.Contains(f, StringComparer.OrdinalIgnoreCase) && !f.StartsWith("x-ignore-", StringComparison.OrdinalIgnoreCase)).ToList();
        if (extra.Count > 0)
        {
            throw Denied($"Extra input fields: {string.Join(", ", extra).ToLowerInvariant()}");
        }
    }

    private static bool Holds(string[] condition, S3Request request, PostForm form)
    {
        var name = condition[1];
        if (!name.StartsWith('$'))
        {
            return false;
        }

        var value = name.Equals("$bucket", StringComparison.OrdinalIgnoreCase) ? request.Bucket : form.Field(name[1..]) ?? "";
        if (condition[0] == "eq")
        {
            return value == condition[2];
        }

        // a form may offer several types, and each must be one that is allowed
        var values = name.Equals("$Content-Type", StringComparison.OrdinalIgnoreCase) ? value.Split(',', StringSplitOptions.TrimEntries) : [value];
        return values.All(v => v.StartsWith(condition[2], StringComparison.Ordinal));
    }

    /// <summary>A condition as an operator and what it compares.</summary>
    private static string[] Condition(JsonElement condition)
    {
        if (condition.ValueKind == JsonValueKind.Object)
        {
            return condition.EnumerateObject().ToList() is [{ Value.ValueKind: JsonValueKind.String } only]
                ? ["eq", "$" + only.Name, only.Value.GetString()!]
                : throw Invalid("Invalid Simple-Condition: Simple-Conditions must have exactly one property specified.");
        }

        if (condition.ValueKind != JsonValueKind.Array || condition.GetArrayLength() != 3)
        {
            throw Invalid($"Invalid Condition: {condition.GetRawText()} is no list of an operator, a field and a value.");
        }

        var parts = condition.EnumerateArray().Select(p => p.ToString()).ToArray();
        parts[0] = parts[0].ToLowerInvariant();
        return parts[0] is "eq" or "starts-with" or SizeRange ? parts : throw Invalid($"Invalid Condition: {condition.GetRawText()} has an unknown operator.");
    }

    private static JsonElement Parse(string encoded)
    {
        var bytes = new byte[encoded.Length];
        return Convert.TryFromBase64String(encoded, bytes, out var length)
            ? JsonText.Read(Encoding.UTF8.GetString(bytes, 0, length), what => Invalid($"Invalid JSON: it {what}"))
            : throw Invalid("Invalid Base64 encoding.");
    }

    private static long? Number(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static AwsException Failed(string[] condition) =>
        Denied($"Policy Condition failed: [{string.Join(", ", condition.Select(c => $"\"{c}\""))}]");

    private static AwsException Denied(string why) => S3Errors.AccessDenied($"Invalid according to Policy: {why}");

    private static AwsException Invalid(string why) => S3Errors.Bad("InvalidPolicyDocument", $"Invalid Policy: {why}");
}
