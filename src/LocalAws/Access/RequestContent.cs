using Microsoft.AspNetCore.Http;
using Slipway.Aws.Wire;

namespace Slipway.LocalAws.Access;

/// <summary>The whole body of a request that is small, read once: its signature is checked over it before an operation reads it.</summary>
/// <param name="Bytes">The body.</param>
internal sealed record RequestContent(byte[] Bytes)
{
    /// <summary>The largest body of most operations, in bytes: 16 MB.</summary>
    public const int LargestCommon = 16 << 20;

    /// <summary>Reads the body, or gives what <see cref="Keep"/> read of it before.</summary>
    /// <exception cref="AwsException">It is larger than what is taken.</exception>
    public static Task<byte[]> Read(HttpContext http, int largest, Func<AwsException> tooLarge) =>
        http.Features.Get<RequestContent>() is { } known ? Task.FromResult(known.Bytes) : ReadBody(http, largest, tooLarge);

    /// <summary>Reads the body, and keeps it for who reads it next.</summary>
    /// <exception cref="AwsException">It is larger than what is taken.</exception>
    public static async Task<byte[]> Keep(HttpContext http, int largest, Func<AwsException> tooLarge)
    {
        var body = await ReadBody(http, largest, tooLarge);
        http.Features.Set(new RequestContent(body));
        return body;
    }

    private static async Task<byte[]> ReadBody(HttpContext http, int largest, Func<AwsException> tooLarge)
    {
        var length = http.Request.ContentLength;
        var body = new byte[length <= largest ? length.Value : length is null ? 4096 : throw tooLarge()];
        var filled = 0;
        while (true)
        {
            if (filled == body.Length && length is null)
            {
                Array.Resize(ref body, body.Length * 2);
            }

            var read = filled < body.Length ? await http.Request.Body.ReadAsync(body.AsMemory(filled), http.RequestAborted) : 0;
            filled += read;
            if (filled > largest)
            {
                throw tooLarge();
            }

            if (read == 0)
            {
                Array.Resize(ref body, filled);
                return body;
            }
        }
    }
}
