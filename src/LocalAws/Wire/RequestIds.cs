using System.Security.Cryptography;

namespace Slipway.LocalAws.Wire;

/// <summary>The ids of requests: random UUIDs. Their randomness is asked of the system for many at once, because asking is a system call.</summary>
internal static class RequestIds
{
    private const int Length = 16;
    private const int AtOnce = 256;

    [ThreadStatic]
    private static byte[]? _random;

    [ThreadStatic]
    private static int _left;

    /// <summary>An id that no other request has.</summary>
    public static string Next()
    {
        _random ??= new byte[Length * AtOnce];
        if (_left == 0)
        {
            RandomNumberGenerator.Fill(_random);
            _left = AtOnce;
        }

        var id = _random.AsSpan(--_left * Length, Length);
        // RFC 9562, section 5.4: version 4, variant 10
        id[6] = (byte)((id[6] & 0x0f) | 0x40);
        id[8] = (byte)((id[8] & 0x3f) | 0x80);
        return new Guid(id, bigEndian: true).ToString();
    }
}
