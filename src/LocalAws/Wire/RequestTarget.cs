using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Slipway.LocalAws.Wire;

/// <summary>
/// The path and the query of a request as they were sent. Request.Path has its dot segments and double slashes
/// resolved, but a key of S3 may have them, and a signature is over what was sent.
/// </summary>
/// <param name="Path">The path, encoded, from its slash.</param>
/// <param name="Query">The query, encoded, without its question mark.</param>
internal readonly record struct RequestTarget(string Path, string Query)
{
    public static RequestTarget Of(HttpContext http)
    {
        var target = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        if (!target.StartsWith('/') && target.IndexOf("://", StringComparison.Ordinal) is var scheme and >= 0)
        {
            target = target.IndexOf('/', scheme + 3) is var path and >= 0 ? target[path..] : "/";
        }

        var question = target.IndexOf('?', StringComparison.Ordinal);
        return question < 0 ? new(target, "") : new(target[..question], target[(question + 1)..]);
    }

    /// <summary>The query's parameters, decoded, in their order; one without a value is empty.</summary>
    public IEnumerable<(string Name, string Value)> Parameters() => Query.Split('&', StringSplitOptions.RemoveEmptyEntries)
        .Select(p => p.Split('=', 2)).Select(p => (Unescape(p[0]), p.Length > 1 ? Unescape(p[1]) : ""));

    /// <summary>Decodes a part of a query or of a form.</summary>
    public static string Unescape(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));
}
