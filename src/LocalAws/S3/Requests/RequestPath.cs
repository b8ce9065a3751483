using System.Net;
using System.Text;

namespace Slipway.LocalAws.S3.Requests;

/// <summary>What S3 refuses in a path before it looks for a key: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html</summary>
internal static class RequestPath
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Checks a path that names a bucket, and perhaps a key.</summary>
    /// <param name="path">The path as it came, percent-encoded.</param>
    /// <param name="isVirtualHost">Whether the host names the bucket, and the path only the key.</param>
    /// <exception cref="Aws.Wire.AwsException">InvalidURI: an escape that is none or NUL, bytes that are not UTF-8, or dot segments that climb above the bucket.</exception>
    public static void Check(string path, bool isVirtualHost)
    {
        for (var i = path.IndexOf('%', StringComparison.Ordinal); i >= 0; i = path.IndexOf('%', i + 1))
        {
            // of an escaped NUL no server makes a path
            if (i + 2 >= path.Length || !char.IsAsciiHexDigit(path[i + 1]) || !char.IsAsciiHexDigit(path[i + 2]) || path.AsSpan(i + 1, 2) is "00")
            {
                throw S3Errors.InvalidUri(path);
            }
        }

        var depth = isVirtualHost ? 1 : 0;
        foreach (var segment in Decode(path).Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            // S3 takes a/../../b only as long as the segments so far lead up no further than to the bucket
            depth += segment == ".." ? -1 : 1;
            if (depth < 0)
            {
                throw S3Errors.InvalidUri(path);
            }
        }
    }

    private static string Decode(string path)
    {
        try
        {
            var bytes = Encoding.UTF8.GetBytes(path.Replace("+", "%2B", StringComparison.Ordinal));
            return Strict.GetString(WebUtility.UrlDecodeToBytes(bytes, 0, bytes.Length));
        }
        catch (DecoderFallbackException)
        {
            throw S3Errors.InvalidUri(path);
        }
    }
}
