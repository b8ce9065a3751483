using System.Globalization;
using System.Text;
using Slipway.LocalAws.Wire;
using Slipway.Tests.Fuzzing.Judges;

namespace Slipway.Tests.Fuzzing;

/// <summary>
/// A browser's form with its policy. Its input is a line with the size of the file and the fields of the form, and
/// behind it the policy: one that is taken must allow that form.
/// </summary>
internal static class FormTarget
{
    private const string Signed = """["starts-with","$x-amz-algorithm",""],["starts-with","$x-amz-credential",""],["starts-with","$x-amz-date",""]""";

    private const string Right = """{"expiration":"2090-01-01T00:00:00.000Z","conditions":[{"bucket":"fuzz"},["starts-with","$key","a/"],["eq","$Content-Type","a/b"],["content-length-range",2,100],""" + Signed + "]}";

    private static readonly string[] Inputs =
    [
        "5 key=a/b&Content-Type=a/b\n" + Right,
        "1 key=a/b&Content-Type=a/b\n" + Right,
        "101 key=a/b&Content-Type=a/b\n" + Right,
        "5 key=b/b&Content-Type=a/b\n" + Right,
        "5 key=a/b&Content-Type=a/c\n" + Right,
        "5 key=a/b&Content-Type=a/b&x-amz-meta-u=v\n" + Right,
        "5 key=a/b&Content-Type=a/b\n" + Right.Replace("2090", "2020", StringComparison.Ordinal),
        "5 key=a/b&Content-Type=a/b\n" + Right.Replace("fuzz", "fuzy", StringComparison.Ordinal),
    ];

    public static FuzzTarget Of(WireEndpoint endpoint, string log) => new(
        "post-policy", [.. Inputs.Select(Encoding.UTF8.GetBytes)],
        ["eq", "$", "starts-with", "content-length-range", "-1", "{", "}", "[", "]", ",", ":", "\"", "null", "\"\\ud800\"", "[[[[", "é", "&x-amz-meta-a=b", "&x-ignore-a=b", "2090", "Z", "[\"content-length-range\",3,4],", "{\"key\":\"a/b\"},"],
        input => Send(endpoint, log, input), Cost: 2);

    /// <summary>The seeds that must be taken and the others, so that what is judged is not refused at the door.</summary>
    public static IReadOnlyList<bool> Taken => [true, false, false, false, false, false, false, false];

    /// <summary>Sends a form; whether it was taken.</summary>
    public static bool Send(WireEndpoint endpoint, string log, byte[] input)
    {
        var line = Math.Max(0, Array.IndexOf(input, (byte)'\n'));
        var parts = Encoding.UTF8.GetString(input, 0, line).Split(' ', 2);
        var size = int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var given) ? Math.Min(given, 5000) : 5;
        var fields = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var pair in parts[^1].Split('&').Select(p => p.Split('=', 2)).Where(p => p.Length == 2 && p[0].Length > 0 && Array.TrueForAll(p, t => t.All(c => c is > ' ' and <= '~' and not '"' and not '\\' and not '%'))))
        {
            fields[pair[0]] = pair[1];
        }

        var policy = input[Math.Min(line + 1, input.Length)..];
        (fields["policy"], fields["x-amz-algorithm"], fields["x-amz-credential"]) = (Convert.ToBase64String(policy), "AWS4-HMAC-SHA256", "test/20260101/us-east-1/s3/aws4_request");
        (fields["x-amz-date"], fields["x-amz-signature"]) = ("20260101T000000Z", "0");
        fields.Remove("file");
        var body = string.Concat(fields.Select(f => $"--b\r\nContent-Disposition: form-data; name=\"{f.Key}\"\r\n\r\n{f.Value}\r\n"))
            + $"--b\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\n{new string('x', size)}\r\n--b--\r\n";
        var status = WireRequest.Send(endpoint, log, Encoding.Latin1.GetBytes($"POST /fuzz -\nContent-Type: multipart/form-data; boundary=b\n\n{body}"));
        if (status >= 400)
        {
            return false;
        }

        new PolicyJudge("fuzz", fields, size).Check(policy);
        return true;
    }
}
