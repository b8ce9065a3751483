using System.IO.Hashing;
using System.Text;

namespace Slipway.LocalAws.S3.Requests;

/// <summary>The tokens by which listings go on: where a page ended, behind a checksum, so that nothing else passes for one.</summary>
internal static class ContinuationToken
{
    private const int Checksum = sizeof(uint);

    /// <summary>The token that says where a page ended.</summary>
    public static string After(string last)
    {
        var bytes = Encoding.UTF8.GetBytes(last);
        return Convert.ToBase64String([.. Crc32.Hash(bytes), .. bytes]);
    }

    /// <summary>Where the page before ended, from its continuation token.</summary>
    /// <exception cref="Aws.Wire.AwsException">InvalidArgument: no listing gave that token.</exception>
    public static string Last(string token)
    {
        var bytes = new byte[token.Length];
        return Convert.TryFromBase64String(token, bytes, out var length) && length > Checksum && Crc32.Hash(bytes.AsSpan(Checksum..length)).AsSpan().SequenceEqual(bytes.AsSpan(..Checksum))
            ? Encoding.UTF8.GetString(bytes, Checksum, length - Checksum)
            : throw S3Errors.InvalidArgument("The continuation token provided is incorrect", "continuation-token", token);
    }
}
