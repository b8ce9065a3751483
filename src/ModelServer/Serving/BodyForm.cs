using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Slipway.ModelServer.Serving;

/// <summary>The form of a request's or an answer's body.</summary>
internal enum BodyForm
{
    /// <summary><c>text/csv</c>.</summary>
    Csv,

    /// <summary><c>application/json</c>.</summary>
    Json,

    /// <summary><c>application/jsonlines</c>.</summary>
    JsonLines,
}

/// <summary>Media types of <see cref="BodyForm"/>, and which one a request gets.</summary>
internal static class BodyForms
{
    private const string Supported = "text/csv, application/json or application/jsonlines";

    /// <summary>The media type of a form.</summary>
    public static string MediaType(this BodyForm form) => form switch
    {
        BodyForm.Csv => "text/csv",
        BodyForm.Json => "application/json",
        _ => "application/jsonlines",
    };

    /// <summary>The form of a request's body.</summary>
    /// <exception cref="InvocationException">415: the Content-Type is missing or not supported.</exception>
    public static BodyForm OfRequest(string? contentType)
    {
        if (contentType is null or "")
        {
            throw new InvocationException(StatusCodes.Status415UnsupportedMediaType, $"The request has no Content-Type; send {Supported}.");
        }
        if (Find(contentType) is { } exact)
        {
            return exact;
        }
        if (!MediaTypeHeaderValue.TryParse(contentType, out var type) || Find(type.MediaType) is not { } form)
        {
            throw new InvocationException(StatusCodes.Status415UnsupportedMediaType, $"The Content-Type '{contentType}' is not supported; send {Supported}.");
        }
        return !type.Charset.HasValue || HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase)
            ? form : throw new InvocationException(StatusCodes.Status415UnsupportedMediaType, $"The charset '{type.Charset}' is not supported; send UTF-8.");
    }

    /// <summary>The form of the answer: the most wanted one of Accept, and the request's own where any will do.</summary>
    /// <exception cref="InvocationException">406: nothing in Accept is supported.</exception>
    public static BodyForm OfAnswer(StringValues accept, BodyForm request)
    {
        if (accept.Count == 0 || (accept.Count == 1 && accept[0] is null or "" or "*/*"))
        {
            return request;
        }
        if (accept.Count == 1 && Find(accept[0]) is { } exact)
        {
            return exact;
        }
        var wanted = MediaTypeHeaderValue.TryParseList(accept, out var types) ? types : [];
        foreach (var type in wanted.Where(type => type.Quality is null or > 0).OrderByDescending(type => type.Quality ?? 1))
        {
            if (Find(type.MediaType) is { } form)
            {
                return form;
            }
            if (type.MatchesAllTypes || (type.MatchesAllSubTypes && request.MediaType().StartsWith(type.Type + "/", StringComparison.OrdinalIgnoreCase)))
            {
                return request;
            }
            if (type.MatchesAllSubTypes && (type.Type == "text" || type.Type == "application"))
            {
                return type.Type == "text" ? BodyForm.Csv : BodyForm.Json;
            }
        }
        throw new InvocationException(StatusCodes.Status406NotAcceptable, $"The Accept '{accept}' is not supported; ask for {Supported}.");
    }

    private static BodyForm? Find(StringSegment type) =>
        type.Equals("text/csv", StringComparison.OrdinalIgnoreCase) ? BodyForm.Csv
        : type.Equals("application/json", StringComparison.OrdinalIgnoreCase) ? BodyForm.Json
        : type.Equals("application/jsonlines", StringComparison.OrdinalIgnoreCase) ? BodyForm.JsonLines
        : null;
}
