using System.Globalization;
using Microsoft.AspNetCore.Http;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.Access;

/// <summary>
/// The parts of a SigV4 signature: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-authentication-methods.html
/// </summary>
/// <param name="AccessKeyId">The access key.</param>
/// <param name="Scope">The credential scope: <c>DATE/REGION/SERVICE/aws4_request</c>.</param>
/// <param name="SignedAt">When it was made, as <c>20260101T000000Z</c>.</param>
/// <param name="Time">The same, as a time.</param>
/// <param name="SignedHeaders">The headers that are signed, in small letters.</param>
/// <param name="Value">The signature, in hexadecimal.</param>
internal sealed record Signature(string AccessKeyId, string Scope, string SignedAt, DateTimeOffset Time, string[] SignedHeaders, string Value)
{
    /// <summary>The algorithm's name in headers, queries and texts to sign.</summary>
    public const string Algorithm = "AWS4-HMAC-SHA256";

    /// <summary>The name of SigV4a's.</summary>
    public const string Asymmetric = "AWS4-ECDSA-P256-SHA256";

    /// <summary>What stands for the hash of a body that is not signed.</summary>
    public const string UnsignedPayload = "UNSIGNED-PAYLOAD";

    /// <summary>The longest life of a presigned URL: seven days, in seconds.</summary>
    public const int LongestLife = 7 * 24 * 3600;

    private const string TimeFormat = "yyyyMMdd'T'HHmmss'Z'";
    private static readonly string[] InQuery = ["X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Signature", "X-Amz-Date", "X-Amz-SignedHeaders", "X-Amz-Expires"];

    /// <summary>The session token that came with it, or null.</summary>
    public string? Token { get; init; }

    /// <summary>How long a presigned URL is good for, in seconds; null for a signature in the header.</summary>
    public int? Expires { get; init; }

    /// <summary>Whether a URL is presigned.</summary>
    public static bool IsPresigned(HttpRequest request) => request.Query.ContainsKey("X-Amz-Algorithm") || request.Query.ContainsKey("X-Amz-Signature");

    /// <summary>A time as SigV4 writes it.</summary>
    public static string Text(DateTimeOffset time) => time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);

    /// <summary>The name of the signing algorithm, or null where there is no signature.</summary>
    public static string? AlgorithmOf(HttpRequest request) => request.Headers.Authorization is [{ Length: > 0 } header, ..]
        ? header.IndexOf(' ', StringComparison.Ordinal) is >= 0 and var end ? header[..end] : header
        : request.Query["X-Amz-Algorithm"] is [{ } algorithm, ..] ? algorithm : null;

    /// <summary>Reads a signature from the Authorization header.</summary>
    /// <exception cref="Aws.Wire.AwsException">It is not whole.</exception>
    public static Signature OfHeader(HttpRequest request, Refusals refusals)
    {
        var header = request.Headers.Authorization.ToString();
        var parts = new Dictionary<string, string>();
        foreach (var part in header[Algorithm.Length..].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var pair = part.Split('=', 2);
            if (!parts.TryAdd(pair[0], pair.Length > 1 ? pair[1] : ""))
            {
                throw refusals.Malformed($"Authorization header has the '{pair[0]}' parameter twice.", inQuery: false);
            }
        }

        var missing = new[] { "Credential", "Signature", "SignedHeaders" }.Where(n => parts.GetValueOrDefault(n, "").Length == 0).ToList();
        if (missing.Count > 0)
        {
            throw refusals.Malformed(string.Join(" ", missing.Select(n => $"Authorization header requires '{n}' parameter.")), inQuery: false);
        }

        var (text, time) = TimeOfHeader(request) ?? throw refusals.NoDate();
        return Make(parts["Credential"], text, time, parts["SignedHeaders"], parts["Signature"], refusals, inQuery: false) with
        {
            Token = request.Headers["x-amz-security-token"] is [{ } token, ..] ? token : null,
        };
    }

    /// <summary>Reads a signature from a presigned URL.</summary>
    /// <exception cref="Aws.Wire.AwsException">It is not whole.</exception>
    public static Signature OfQuery(HttpRequest request, Refusals refusals)
    {
        string Value(string name) => request.Query[name].ToString();
        if (InQuery.Any(n => Value(n).Length == 0))
        {
            throw refusals.Malformed($"Query-string authentication version 4 requires the {string.Join(", ", InQuery[..^1])}, and {InQuery[^1]} parameters.", inQuery: true);
        }

        var time = Parse(Value("X-Amz-Date")) ?? throw refusals.Malformed($"X-Amz-Date must be in the ISO8601 Long Format \"{TimeFormat}\"", inQuery: true);
        return Make(Value("X-Amz-Credential"), Value("X-Amz-Date"), time, Value("X-Amz-SignedHeaders"), Value("X-Amz-Signature"), refusals, inQuery: true) with
        {
            Token = request.Query["X-Amz-Security-Token"] is [{ Length: > 0 } token, ..] ? token : null,
            Expires = Lifetime(Value("X-Amz-Expires"), refusals),
        };
    }

    /// <summary>Puts a signature's parts together and checks that they fit.</summary>
    public static Signature Make(string credential, string signedAt, DateTimeOffset time, string headers, string value, Refusals refusals, bool inQuery)
    {
        var parts = credential.Split('/');
        if (parts is not [{ Length: > 0 } id, var date, { Length: > 0 }, { Length: > 0 }, CredentialScope.Terminator])
        {
            throw refusals.Malformed($"Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/{CredentialScope.Terminator}, got '{credential}'", inQuery);
        }

        return date == signedAt[..8] ? new(id, credential[(id.Length + 1)..], signedAt, time, headers.Split(';'), value)
            : throw refusals.Malformed($"Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '{date}' != '{signedAt[..8]}', from '{signedAt}'.", inQuery);
    }

    /// <summary>Reads a time as SigV4 writes it, or null.</summary>
    public static DateTimeOffset? Parse(string text) =>
        DateTimeOffset.TryParseExact(text, TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;

    private static (string Text, DateTimeOffset Time)? TimeOfHeader(HttpRequest request)
    {
        if (request.Headers["x-amz-date"] is [{ } given, ..])
        {
            return Parse(given) is { } time ? (given, time) : null;
        }

        return DateTimeOffset.TryParseExact(request.Headers.Date, "r", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date) ? (Text(date), date) : null;
    }

    private static int Lifetime(string text, Refusals refusals) => !long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds)
        ? throw refusals.Malformed("X-Amz-Expires should be a number", inQuery: true)
        : seconds switch
        {
            < 0 => throw refusals.Malformed("X-Amz-Expires must be non-negative", inQuery: true),
            > LongestLife => throw refusals.Malformed($"X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than {LongestLife} seconds", inQuery: true),
            _ => (int)seconds,
        };
}
