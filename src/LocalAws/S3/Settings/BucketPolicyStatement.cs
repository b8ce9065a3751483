using System.IO.Enumeration;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Slipway.LocalAws.S3.Settings;

/// <summary>A statement of a bucket's policy.</summary>
internal sealed partial class BucketPolicyStatement
{
    private const string Arn = "arn:aws:s3:::";

    private static readonly string[] Members = ["Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition"];
    private static readonly string[] PrincipalTypes = ["AWS", "Service", "Federated", "CanonicalUser"];

    // the actions on objects whose name doesn't say so
    private static readonly string[] ObjectActions = ["AbortMultipartUpload", "ListMultipartUploadParts", "BypassGovernanceRetention", "InitiateReplication", "*"];

    private readonly JsonElement _statement;
    private readonly string _path;
    private readonly PolicyConditions _conditions;

    private BucketPolicyStatement(JsonElement statement, string path)
    {
        (_statement, _path) = (statement, path);
        _conditions = PolicyConditions.Read(statement.TryGetProperty("Condition", out var conditions) ? conditions : null, path);
    }

    /// <summary>Whether it gives access to everyone.</summary>
    public bool IsPublic =>
        _statement.GetProperty("Effect").GetString() == "Allow" && !_conditions.FixCaller
        && (_statement.TryGetProperty("NotPrincipal", out _) || Principals().Any(p => p.Contains('*', StringComparison.Ordinal)));

    /// <summary>Reads and checks a statement.</summary>
    /// <param name="statement">The statement.</param>
    /// <param name="bucket">The bucket that its resources are to be of.</param>
    /// <param name="path">Where it stands, for errors.</param>
    public static BucketPolicyStatement Read(JsonElement statement, string bucket, string path)
    {
        if (statement.ValueKind != JsonValueKind.Object)
        {
            throw BucketPolicy.Malformed($"{path} is to be an object");
        }

        if (statement.EnumerateObject().Select(m => m.Name).FirstOrDefault(m => !Members.Contains(m)) is { } unknown)
        {
            throw BucketPolicy.Malformed($"Unknown field {unknown} in {path}");
        }

        var read = new BucketPolicyStatement(statement, path);
        var effect = read.Require("Effect");
        if (effect.ValueKind != JsonValueKind.String || effect.GetString() is not ("Allow" or "Deny"))
        {
            throw BucketPolicy.Malformed($"Invalid effect : {effect} in {path}");
        }

        read.CheckPrincipal();
        read.CheckActions(bucket);
        return read;
    }

    private void CheckPrincipal()
    {
        var principal = RequireEither("Principal", "NotPrincipal");
        if (principal.ValueKind == JsonValueKind.String && principal.GetString() == "*")
        {
            return;
        }

        if (principal.ValueKind != JsonValueKind.Object)
        {
            throw BucketPolicy.Malformed($"Invalid principal in policy: {_path}");
        }

        foreach (var type in principal.EnumerateObject())
        {
            if (!PrincipalTypes.Contains(type.Name) || Texts(type.Value).Exists(p => !IsPrincipal(type.Name, p)))
            {
                throw BucketPolicy.Malformed($"Invalid principal in policy: {_path}/{type.Name}");
            }
        }
    }

    private void CheckActions(string bucket)
    {
        var (actions, resources) = (Texts(RequireEither("Action", "NotAction")), Texts(RequireEither("Resource", "NotResource")));
        if (actions.Find(a => !Action().IsMatch(a)) is { } action)
        {
            throw BucketPolicy.Malformed($"Policy has invalid action: {action} in {_path}");
        }

        if (resources.Find(r => !IsOf(bucket, r)) is { } resource)
        {
            throw BucketPolicy.Malformed($"Policy has invalid resource: {resource} in {_path}");
        }

        if (_statement.TryGetProperty("Action", out _) && _statement.TryGetProperty("Resource", out _) && actions.Find(a => !resources.Exists(r => Applies(a, r))) is { } stray)
        {
            throw BucketPolicy.Malformed($"Action does not apply to any resource(s) in statement: {stray} in {_path}");
        }
    }

    private IEnumerable<string> Principals()
    {
        var principal = _statement.GetProperty("Principal");
        return principal.ValueKind == JsonValueKind.String ? [principal.GetString()!] : principal.EnumerateObject().SelectMany(type => Texts(type.Value));
    }

    private static bool IsPrincipal(string type, string principal) => type switch
    {
        "AWS" => AwsPrincipal().IsMatch(principal),
        "Service" => ServicePrincipal().IsMatch(principal),
        "CanonicalUser" => CanonicalUser().IsMatch(principal),
        _ => principal.Length > 0,
    };

    private static bool IsOf(string bucket, string resource) =>
        resource.StartsWith(Arn, StringComparison.Ordinal) && FileSystemName.MatchesSimpleExpression(resource[Arn.Length..].Split('/')[0], bucket, ignoreCase: false);

    private static bool Applies(string action, string resource)
    {
        var name = action.Split(':')[^1];
        if (name.Contains('*', StringComparison.Ordinal) || name.Contains('?', StringComparison.Ordinal))
        {
            return true;
        }

        var ofObject = (name.Contains("Object", StringComparison.Ordinal) && !name.Contains("BucketObjectLock", StringComparison.Ordinal)) || ObjectActions.Contains(name);
        var path = resource[Arn.Length..];
        // a pattern of buckets' names can go on into their keys
        return path.Contains('/', StringComparison.Ordinal) ? ofObject : !ofObject || path.EndsWith('*');
    }

    private JsonElement Require(string member) =>
        _statement.TryGetProperty(member, out var value) ? value : throw BucketPolicy.Malformed($"Missing required field {member} in {_path}");

    private JsonElement RequireEither(string member, string other)
    {
        if (!_statement.TryGetProperty(other, out var value))
        {
            return Require(member);
        }

        return _statement.TryGetProperty(member, out _) ? throw BucketPolicy.Malformed($"{_path} has both {member} and {other}") : value;
    }

    private List<string> Texts(JsonElement value)
    {
        List<JsonElement> all = value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray()] : [value];
        return all.Count > 0 && all.TrueForAll(v => v.ValueKind == JsonValueKind.String)
            ? all.ConvertAll(v => v.GetString()!)
            : throw BucketPolicy.Malformed($"{_path} has '{value.GetRawText()}' where a text or a list of texts is expected");
    }

    [GeneratedRegex(@"\A(\*|s3:[A-Za-z*?]+)\z")]
    private static partial Regex Action();

    [GeneratedRegex(@"\A(\*|\d{12}|arn:aws:(iam|sts)::\d{12}:(root|(user|role|assumed-role|federated-user)/.+)|A[A-Z0-9]{15,})\z")]
    private static partial Regex AwsPrincipal();

    [GeneratedRegex(@"\A[a-z0-9.-]+\.amazonaws\.com\z")]
    private static partial Regex ServicePrincipal();

    [GeneratedRegex(@"\A(\*|[0-9a-f]{64})\z")]
    private static partial Regex CanonicalUser();
}
