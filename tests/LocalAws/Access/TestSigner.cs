using System.Globalization;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Slipway.Tests.LocalAws.Access;

/// <summary>Signs by SigV4 as AWS's pages describe it, apart from the code that it judges, at any time and with anything wrong.</summary>
internal sealed record TestSigner(string Id, string Secret, DateTimeOffset Time)
{
    public string Region { get; init; } = "us-east-1";

    public string Service { get; init; } = "s3";

    public string? Token { get; init; }

    public string Scope => $"{Time:yyyyMMdd}/{Region}/{Service}/aws4_request";

    private string Date => Time.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);

    /// <summary>The headers of a request that is signed in the header.</summary>
    public Dictionary<string, string> Headers(string method, string host, string path, string query, byte[] body, params IEnumerable<(string Name, string Value)> more)
    {
        var headers = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["host"] = host, ["x-amz-date"] = Date };
        if (Service == "s3")
        {
            headers["x-amz-content-sha256"] = Hash(body);
        }

        if (Token is not null)
        {
            headers["x-amz-security-token"] = Token;
        }

        foreach (var (name, value) in more)
        {
            headers[name] = value;
        }

        var names = string.Join(';', headers.Keys);
        var canonical = $"{method}\n{path}\n{query}\n{string.Concat(headers.Select(h => $"{h.Key}:{h.Value}\n"))}\n{names}\n{headers.GetValueOrDefault("x-amz-content-sha256", Hash(body))}";
        return new(headers) { ["Authorization"] = $"AWS4-HMAC-SHA256 Credential={Id}/{Scope}, SignedHeaders={names}, Signature={Sign($"AWS4-HMAC-SHA256\n{Date}\n{Scope}\n{Hash(Encoding.UTF8.GetBytes(canonical))}")}" };
    }

    /// <summary>The path and query of a presigned URL; what is asked for, where it is in the query, sorts before X.</summary>
    public string Presign(string method, string host, string path, int seconds, string? asked = null)
    {
        var token = Token is null ? "" : $"&X-Amz-Security-Token={Uri.EscapeDataString(Token)}";
        var query = $"{(asked is null ? "" : asked + "&")}X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential={Uri.EscapeDataString($"{Id}/{Scope}")}&X-Amz-Date={Date}&X-Amz-Expires={seconds}{token}&X-Amz-SignedHeaders=host";
        var canonical = $"{method}\n{path}\n{query}\nhost:{host}\n\nhost\n{(Service == "s3" ? "UNSIGNED-PAYLOAD" : Hash([]))}";
        return $"{path}?{query}&X-Amz-Signature={Sign($"AWS4-HMAC-SHA256\n{Date}\n{Scope}\n{Hash(Encoding.UTF8.GetBytes(canonical))}")}";
    }

    /// <summary>The signature of a text to sign.</summary>
    public string Sign(string text)
    {
        var key = Encoding.UTF8.GetBytes("AWS4" + Secret);
        foreach (var part in Scope.Split('/'))
        {
            key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(part));
        }

        return Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text)));
    }

    public static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}

/// <summary>HTTP byte by byte, as no client sends it.</summary>
internal static class RawHttp
{

    /// <summary>Sends one request and gives the status and all that follows the status line.</summary>
    public static async Task<(int Status, string Text)> Send(Uri server, string method, string target, IEnumerable<KeyValuePair<string, string>> headers, byte[]? body = null)
    {
        var head = new StringBuilder($"{method} {target} HTTP/1.1\r\n");
        foreach (var (name, value) in headers)
        {
            head.Append($"{name}: {value}\r\n");
        }

        if (body is not null)
        {
            head.Append($"Content-Length: {body.Length}\r\n");
        }

        using var connection = new TcpClient();
        await connection.ConnectAsync(server.Host, server.Port);
        await connection.GetStream().WriteAsync(Encoding.UTF8.GetBytes(head.Append("Connection: close\r\n\r\n").ToString()));
        await connection.GetStream().WriteAsync(body ?? []);
        return await Read(connection);
    }

    /// <summary>Reads an answer to its end: the server may wait a while then for what was to come.</summary>
    public static async Task<(int Status, string Text)> Read(TcpClient connection)
    {
        using var late = Patience.Token();
        var bytes = new MemoryStream();
        var buffer = new byte[8192];
        int read;
        while (!IsWhole(bytes.ToArray()) && (read = await connection.GetStream().ReadAsync(buffer, late.Token)) > 0)
        {
            bytes.Write(buffer, 0, read);
        }

        var text = Encoding.UTF8.GetString(bytes.ToArray());
        return text.Length == 0 ? (0, "") : (int.Parse(text.Split(' ', 3)[1], CultureInfo.InvariantCulture), text[(text.IndexOf('\n', StringComparison.Ordinal) + 1)..]);
    }

    private static bool IsWhole(byte[] bytes)
    {
        var text = Encoding.Latin1.GetString(bytes);
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        var length = Regex.Match(text, "\r\nContent-Length: ([0-9]+)\r\n");
        return end >= 0 && length.Success && length.Index < end && text.Length - end - 4 >= int.Parse(length.Groups[1].Value, CultureInfo.InvariantCulture);
    }
}
