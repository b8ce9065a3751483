using System.Xml.Linq;
using Slipway.LocalAws.S3.Requests;

namespace Slipway.LocalAws.S3.Settings;

/// <summary>What a browser says of a script's request: https://fetch.spec.whatwg.org/#http-cors-protocol</summary>
internal sealed record CorsRequest
{
    public CorsRequest(S3Request request)
    {
        Origin = request.Header("Origin");
        Method = request.Header("Access-Control-Request-Method") ?? request.Http.Request.Method;
        Headers = (request.Header("Access-Control-Request-Headers") ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>Where the script's page is from; null where the request is no script's.</summary>
    public string? Origin { get; }

    /// <summary>The method of the request, or of the one that is to come.</summary>
    public string Method { get; }

    /// <summary>The headers that the script is going to send.</summary>
    public IReadOnlyList<string> Headers { get; }
}

/// <summary>A rule of a bucket's CORS configuration.</summary>
internal sealed class CorsRule
{
    private readonly XElement _rule;

    private CorsRule(XElement rule) => _rule = rule;

    /// <summary>The first rule that allows a request, or null.</summary>
    public static CorsRule? First(XElement document, CorsRequest asked) =>
        document.Elements("CORSRule").Select(r => new CorsRule(r)).FirstOrDefault(r => r.Allows(asked));

    /// <summary>Writes what the browser is to know into an answer.</summary>
    public void Write(S3Request request, CorsRequest asked)
    {
        var any = Values("AllowedOrigin").First(pattern => Matches(pattern, asked.Origin!, StringComparison.Ordinal)) == "*";
        Set("Access-Control-Allow-Origin", any ? "*" : asked.Origin!);
        Set("Access-Control-Allow-Methods", List(Values("AllowedMethod")));
        Set("Access-Control-Allow-Headers", List(asked.Headers.Select(h => h.ToLowerInvariant())));
        Set("Access-Control-Expose-Headers", List(Values("ExposeHeader")));
        Set("Access-Control-Max-Age", _rule.Element("MaxAgeSeconds")?.Value ?? "");
        Set("Access-Control-Allow-Credentials", any ? "" : "true");
        Set("Vary", "Origin, Access-Control-Request-Headers, Access-Control-Request-Method");

        void Set(string name, string value)
        {
            if (value.Length > 0)
            {
                request.SetHeader(name, value);
                // a script reads the errors too
                request.SetErrorHeader(name, value);
            }
        }
    }

    private static string List(IEnumerable<string> values) => string.Join(", ", values);

    private static bool Matches(string pattern, string value, StringComparison comparison)
    {
        var star = pattern.IndexOf('*', StringComparison.Ordinal);
        return star < 0
            ? value.Equals(pattern, comparison)
            : value.Length >= pattern.Length - 1 && value.StartsWith(pattern[..star], comparison) && value.EndsWith(pattern[(star + 1)..], comparison);
    }

    private bool Allows(CorsRequest asked) =>
        Values("AllowedMethod").Contains(asked.Method)
        && Values("AllowedOrigin").Any(pattern => Matches(pattern, asked.Origin!, StringComparison.Ordinal))
        && asked.Headers.All(header => Values("AllowedHeader").Any(pattern => Matches(pattern, header, StringComparison.OrdinalIgnoreCase)));

    private IEnumerable<string> Values(string name) => _rule.Elements(name).Select(e => e.Value);
}
