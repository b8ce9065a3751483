using System.Net;
using System.Text.Json;

namespace Slipway.LocalAws.S3.Settings;

/// <summary>The conditions of a statement: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html</summary>
internal sealed class PolicyConditions
{
    private const string IfExists = "IfExists";

    private static readonly string[] Operators =
    [
        "StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", "StringLike", "StringNotLike",
        "NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericLessThanEquals", "NumericGreaterThan", "NumericGreaterThanEquals",
        "DateEquals", "DateNotEquals", "DateLessThan", "DateLessThanEquals", "DateGreaterThan", "DateGreaterThanEquals",
        "Bool", "BinaryEquals", "IpAddress", "NotIpAddress", "ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike", "Null",
    ];

    // the operators that let in what equals a value, and no other
    private static readonly string[] Equalities = ["StringEquals", "StringEqualsIgnoreCase", "StringLike", "ArnEquals", "ArnLike"];

    // the keys that say who calls, or from where
    private static readonly string[] Callers =
    [
        "aws:sourcearn", "aws:sourcevpc", "aws:sourcevpce", "aws:sourceowner", "aws:sourceaccount", "aws:sourceorgid", "aws:userid", "aws:principalorgid",
        "aws:principalarn", "aws:principalaccount", "s3:x-amz-server-side-encryption-aws-kms-key-id", "s3:dataaccesspointarn", "s3:dataaccesspointaccount",
    ];

    // an IPv4 range as wide as this, and no wider, is not the whole world
    private const int WidestIPv4 = 8;
    private const int WidestIPv6 = 32;

    private readonly List<(string Operator, string Key, List<string> Values)> _conditions;

    private PolicyConditions(List<(string Operator, string Key, List<string> Values)> conditions) => _conditions = conditions;

    /// <summary>Whether they let in callers of a fixed kind only, so that the statement makes nothing public.</summary>
    public bool FixCaller => _conditions.Exists(c => c.Key == "aws:sourceip"
        ? c.Operator == "IpAddress" && c.Values.TrueForAll(IsNarrow)
        : Callers.Contains(c.Key) && Equalities.Contains(c.Operator) && c.Values.TrueForAll(IsFixed));

    /// <summary>Reads and checks a statement's conditions.</summary>
    /// <param name="conditions">Its Condition, or null.</param>
    /// <param name="path">Where the statement stands, for errors.</param>
    public static PolicyConditions Read(JsonElement? conditions, string path)
    {
        if (conditions is not { } given)
        {
            return new([]);
        }

        var read = new List<(string Operator, string Key, List<string> Values)>();
        foreach (var test in Members(given, path))
        {
            var name = test.Name[(test.Name.IndexOf(':', StringComparison.Ordinal) + 1)..];
            name = name.EndsWith(IfExists, StringComparison.Ordinal) ? name[..^IfExists.Length] : name;
            if (!Operators.Contains(name))
            {
                throw BucketPolicy.Malformed($"Invalid Condition type : {test.Name} in {path}");
            }

            read.AddRange(Members(test.Value, path).Select(key => (
                test.Name.EndsWith(IfExists, StringComparison.Ordinal) ? test.Name : name, key.Name.ToLowerInvariant(), Values(key.Value))));
        }

        return new(read);
    }

    private static JsonElement.ObjectEnumerator Members(JsonElement value, string path) => value.ValueKind == JsonValueKind.Object
        ? value.EnumerateObject()
        : throw BucketPolicy.Malformed($"{path} has the Condition '{value.GetRawText()}' where an object is expected");

    private static List<string> Values(JsonElement value) =>
        value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray().Select(v => v.ToString())] : [value.ToString()];

    private static bool IsFixed(string value) =>
        !value.Contains('*', StringComparison.Ordinal) && !value.Contains('?', StringComparison.Ordinal) && !value.Contains('$', StringComparison.Ordinal);

    private static bool IsNarrow(string range) =>
        IPNetwork.TryParse(range, out var network)
            ? network.PrefixLength >= (network.BaseAddress.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork ? WidestIPv4 : WidestIPv6)
            : IPAddress.TryParse(range, out _);
}
