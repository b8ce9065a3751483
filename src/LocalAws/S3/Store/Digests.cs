using System.IO.Hashing;
using System.Security.Cryptography;

namespace Slipway.LocalAws.S3.Store;

/// <summary>What S3 computes of a content while it comes in: the MD5 of its ETag, its checksum, and the SHA-256 that its request was signed with.</summary>
internal sealed class Digests : IDisposable
{
    public const string DefaultAlgorithm = "CRC64NVME";

    /// <summary>The type of a checksum of the whole content.</summary>
    public const string FullObject = "FULL_OBJECT";

    /// <summary>The type of a checksum of the parts' checksums.</summary>
    public const string Composite = "COMPOSITE";

    /// <summary>The algorithms that S3 knows.</summary>
    public static IReadOnlyList<string> Algorithms { get; } = ["CRC32", "CRC32C", DefaultAlgorithm, "SHA1", "SHA256"];

    private readonly IncrementalHash _md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
    private readonly Checksum _checksum;
    private readonly Checksum? _second;
    private readonly IncrementalHash? _payload;

    /// <param name="algorithm">One of <see cref="Algorithms"/>.</param>
    /// <param name="payload">Whether the SHA-256 of the body is asked for.</param>
    /// <param name="second">Another algorithm whose checksum is asked for, or null.</param>
    public Digests(string algorithm = DefaultAlgorithm, bool payload = false, string? second = null)
    {
        Algorithm = algorithm;
        _payload = payload ? IncrementalHash.CreateHash(HashAlgorithmName.SHA256) : null;
        _checksum = new(algorithm);
        _second = second is null || second == algorithm ? null : new(second);
    }

    /// <summary>The checksum's algorithm.</summary>
    public string Algorithm { get; }

    /// <summary>Whether a checksum of parts can only be one of their checksums, because the algorithm doesn't combine.</summary>
    public static bool OnlyComposite(string algorithm) => algorithm is "SHA1" or "SHA256";

    public void Append(ReadOnlySpan<byte> content)
    {
        _md5.AppendData(content);
        _payload?.AppendData(content);
        _checksum.Append(content);
        _second?.Append(content);
    }

    /// <summary>The MD5, 16 bytes.</summary>
    public byte[] Md5() => _md5.GetCurrentHash();

    /// <summary>The SHA-256 of the body, or null where it was not asked for.</summary>
    public byte[]? Payload() => _payload?.GetCurrentHash();

    /// <summary>The checksum of what has come so far, in base64.</summary>
    /// <param name="algorithm">One of the algorithms that were asked for; the first where absent.</param>
    public string Value(string? algorithm = null) => (algorithm is null || algorithm == Algorithm ? _checksum : _second!).Value();

    /// <summary>The checksum of contents one after the other, from the checksum of each (same algorithm, a CRC).</summary>
    public static string Combine(string algorithm, IEnumerable<(string Value, long Size)> parts)
    {
        var (polynomial, bits) = algorithm switch
        {
            "CRC32" => (0xEDB88320UL, 32),
            "CRC32C" => (0x82F63B78UL, 32),
            DefaultAlgorithm => (Crc64Nvme.Polynomial, 64),
            _ => throw new ArgumentException($"{algorithm} does not combine", nameof(algorithm)),
        };
        var crc = parts.Select(p => (Number: Number(p.Value), p.Size))
            .Aggregate((a, b) => (CrcCombination.Combine(polynomial, bits, a.Number, b.Number, b.Size), b.Size)).Number;
        var bytes = BitConverter.GetBytes(crc)[..(bits / 8)];
        Array.Reverse(bytes);
        return Convert.ToBase64String(bytes);
    }

    /// <summary>The checksum of parts' checksums, followed by their number.</summary>
    public static string Compose(string algorithm, IReadOnlyCollection<string> parts)
    {
        using var digests = new Digests(algorithm);
        foreach (var part in parts)
        {
            digests.Append(Convert.FromBase64String(part));
        }

        return $"{digests.Value()}-{parts.Count}";
    }

    public void Dispose()
    {
        _md5.Dispose();
        _payload?.Dispose();
        _checksum.Dispose();
        _second?.Dispose();
    }

    private static ulong Number(string value) => Convert.FromBase64String(value).Aggregate(0UL, (n, b) => (n << 8) | b);

    /// <summary>One checksum of what is appended.</summary>
    private sealed class Checksum(string algorithm) : IDisposable
    {
        private readonly IncrementalHash? _sha = algorithm switch
        {
            "SHA1" => IncrementalHash.CreateHash(HashAlgorithmName.SHA1),
            "SHA256" => IncrementalHash.CreateHash(HashAlgorithmName.SHA256),
            _ => null,
        };

        private readonly NonCryptographicHashAlgorithm? _crc = algorithm switch
        {
            "CRC32" => new Crc32(),
            "CRC32C" => new Crc32C(),
            DefaultAlgorithm => new Crc64Nvme(),
            _ => null,
        };

        public void Append(ReadOnlySpan<byte> content)
        {
            _sha?.AppendData(content);
            _crc?.Append(content);
        }

        public string Value() => Convert.ToBase64String(_sha?.GetCurrentHash() ?? BigEndian(_crc!));

        public void Dispose() => _sha?.Dispose();

        private static byte[] BigEndian(NonCryptographicHashAlgorithm crc)
        {
            var bytes = crc.GetCurrentHash();
            Array.Reverse(bytes);
            return bytes;
        }
    }
}
