using System.Text;
using Microsoft.AspNetCore.Http;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.Access;

/// <summary>
/// The one form of a request that both sides sign:
/// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
/// </summary>
internal static class CanonicalRequest
{
    private const string Hexadecimal = "0123456789ABCDEF";

    /// <summary>The canonical form.</summary>
    /// <param name="request">The request.</param>
    /// <param name="target">Its path and query as sent.</param>
    /// <param name="signedHeaders">The headers that are signed.</param>
    /// <param name="payload">The hash of its body, or what stands for it.</param>
    /// <param name="isS3">Whether the path is S3's, which is taken as it is; any other is normalized and encoded once more.</param>
    public static string Of(HttpRequest request, RequestTarget target, string[] signedHeaders, string payload, bool isS3)
    {
        var text = new StringBuilder(512).Append(request.Method).Append('\n');
        if (isS3)
        {
            AppendDecoded(text, target.Path, keepSlash: true);
        }
        else
        {
            AppendEncoded(text, Normalize(target.Path));
        }

        AppendQuery(text.Append('\n'), target.Query);
        text.Append('\n');
        foreach (var name in signedHeaders)
        {
            AppendValue(text.Append(name).Append(':'), request.Headers[name].ToString());
            text.Append('\n');
        }

        return text.Append('\n').AppendJoin(';', signedHeaders).Append('\n').Append(payload).ToString();
    }

    /// <summary>The path without <c>.</c> and <c>..</c> and double slashes.</summary>
    private static string Normalize(string path)
    {
        if (!path.Contains("/.", StringComparison.Ordinal) && !path.Contains("//", StringComparison.Ordinal))
        {
            return path;
        }

        var parts = new List<string>();
        foreach (var part in path.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(p => p != "."))
        {
            if (part != "..")
            {
                parts.Add(part);
            }
            else if (parts.Count > 0)
            {
                parts.RemoveAt(parts.Count - 1);
            }
        }

        return "/" + string.Join('/', parts) + (parts.Count > 0 && path.EndsWith('/') ? "/" : "");
    }

    private static void AppendQuery(StringBuilder text, string query)
    {
        if (query.Length == 0)
        {
            return;
        }

        var parameters = query.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(p => p.Split('=', 2))
            .Select(p => (Name: Decoded(p[0]), Value: p.Length > 1 ? Decoded(p[1]) : "")).Where(p => p.Name != "X-Amz-Signature")
            .OrderBy(p => p.Name, StringComparer.Ordinal).ThenBy(p => p.Value, StringComparer.Ordinal);
        text.AppendJoin('&', parameters.Select(p => $"{p.Name}={p.Value}"));
    }

    private static string Decoded(string encoded)
    {
        var text = new StringBuilder(encoded.Length);
        AppendDecoded(text, encoded.Replace("+", "%20", StringComparison.Ordinal), keepSlash: false);
        return text.ToString();
    }

    /// <summary>Appends encoded text in the one encoding that signatures know, whichever it came in.</summary>
    private static void AppendDecoded(StringBuilder text, string encoded, bool keepSlash)
    {
        for (var i = 0; i < encoded.Length; i++)
        {
            if (encoded[i] == '%' && i + 2 < encoded.Length && char.IsAsciiHexDigit(encoded[i + 1]) && char.IsAsciiHexDigit(encoded[i + 2]))
            {
                AppendByte(text, Convert.ToByte(encoded[(i + 1)..(i + 3)], 16), keepSlash);
                i += 2;
            }
            else
            {
                i += AppendCharacter(text, encoded, i, keepSlash);
            }
        }
    }

    private static void AppendEncoded(StringBuilder text, string plain)
    {
        for (var i = 0; i < plain.Length; i++)
        {
            i += AppendCharacter(text, plain, i, keepSlash: true);
        }
    }

    /// <summary>Appends the character at a place and answers how many more places it took.</summary>
    private static int AppendCharacter(StringBuilder text, string from, int at, bool keepSlash)
    {
        if (char.IsAscii(from[at]))
        {
            AppendByte(text, (byte)from[at], keepSlash);
            return 0;
        }

        Span<byte> bytes = stackalloc byte[4];
        var length = char.IsSurrogatePair(from, at) ? 2 : 1;
        foreach (var value in bytes[..Encoding.UTF8.GetBytes(from.AsSpan(at, length), bytes)])
        {
            AppendByte(text, value, keepSlash);
        }

        return length - 1;
    }

    private static void AppendByte(StringBuilder text, byte value, bool keepSlash)
    {
        if (char.IsAsciiLetterOrDigit((char)value) || value is (byte)'-' or (byte)'.' or (byte)'_' or (byte)'~' || (keepSlash && value == '/'))
        {
            text.Append((char)value);
        }
        else
        {
            text.Append('%').Append(Hexadecimal[value >> 4]).Append(Hexadecimal[value & 15]);
        }
    }

    /// <summary>Appends a header's value with each run of spaces as one, and none at its ends.</summary>
    private static void AppendValue(StringBuilder text, string value)
    {
        var trimmed = value.AsSpan().Trim();
        for (var i = 0; i < trimmed.Length; i++)
        {
            if (trimmed[i] != ' ' || trimmed[i - 1] != ' ')
            {
                text.Append(trimmed[i]);
            }
        }
    }
}
