using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Slipway.Tests.Fuzzing.Judges;

/// <summary>Says whether a policy allows a form: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html</summary>
/// <param name="Bucket">The bucket that the form is sent to.</param>
/// <param name="Fields">The form's fields.</param>
/// <param name="Size">The bytes of its file.</param>
internal sealed partial record PolicyJudge(string Bucket, IReadOnlyDictionary<string, string> Fields, int Size)
{
    private static readonly string[] Free = ["policy", "x-amz-signature"];

    /// <summary>Checks that a policy allows the form; throws where it does not.</summary>
    public void Check(byte[] policy)
    {
        var root = JsonDocument.Parse(Encoding.UTF8.GetString(policy)).RootElement;
        var expiration = root.GetProperty("expiration").GetString()!;
        Assert.Matches(Iso(), expiration);
        Assert.True(string.CompareOrdinal(expiration, TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture)) > 0, expiration);
        var named = new HashSet<string>(Free, StringComparer.OrdinalIgnoreCase);
        foreach (var condition in root.GetProperty("conditions").EnumerateArray())
        {
            var (kind, name, value) = condition.ValueKind == JsonValueKind.Object
                ? ("eq", "$" + condition.EnumerateObject().Single().Name, condition.EnumerateObject().Single().Value.GetString()!)
                : (condition[0].ToString().ToLowerInvariant(), condition[1].ToString(), condition[2].ToString());
            if (kind == "content-length-range")
            {
                Assert.InRange(Size, long.Parse(name, CultureInfo.InvariantCulture), long.Parse(value, CultureInfo.InvariantCulture));
                continue;
            }

            Assert.StartsWith("$", name, StringComparison.Ordinal);
            named.Add(name[1..]);
            Judge(kind, name[1..], value);
        }

        Assert.All(Fields.Keys, f => Assert.True(named.Contains(f) || f.StartsWith("x-ignore-", StringComparison.OrdinalIgnoreCase), $"{f} is not in the policy"));
    }

    private void Judge(string kind, string name, string value)
    {
        var given = name.Equals("bucket", StringComparison.OrdinalIgnoreCase) ? Bucket
            : Fields.FirstOrDefault(f => f.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value ?? "";
        if (kind == "eq")
        {
            Assert.Equal(value, given);
            return;
        }

        Assert.Equal("starts-with", kind);
        // each type of several must be one that is allowed
        Assert.All(name.Equals("Content-Type", StringComparison.OrdinalIgnoreCase) ? given.Split(',') : [given], g => Assert.StartsWith(value, g.Trim(), StringComparison.Ordinal));
    }

    [GeneratedRegex(@"\A[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?Z\z")]
    private static partial Regex Iso();
}
