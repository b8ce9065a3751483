using System.Buffers.Binary;
using System.IO.Hashing;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Slipway.LocalAws.S3.Store;

/// <summary>CRC-32C (Castagnoli), by the processor's own instruction.</summary>
internal sealed class Crc32C() : NonCryptographicHashAlgorithm(sizeof(uint))
{
    private uint _crc = uint.MaxValue;

    public override void Append(ReadOnlySpan<byte> source)
    {
        var crc = _crc;
        foreach (var word in MemoryMarshal.Cast<byte, ulong>(source))
        {
            crc = BitOperations.Crc32C(crc, word);
        }

        foreach (var b in source[(source.Length & ~7)..])
        {
            crc = BitOperations.Crc32C(crc, b);
        }

        _crc = crc;
    }

    public override void Reset() => _crc = uint.MaxValue;

    protected override void GetCurrentHashCore(Span<byte> destination) => BinaryPrimitives.WriteUInt32LittleEndian(destination, ~_crc);
}

/// <summary>
/// CRC-64/NVME, which S3 computes where a client sends no checksum: by the processor's carry-less multiplication, 64 bytes
/// a step, where it has one (Gopal et al., Fast CRC Computation for Generic Polynomials Using PCLMULQDQ, Intel 2009), and
/// eight bytes a step elsewhere.
/// </summary>
internal sealed class Crc64Nvme() : NonCryptographicHashAlgorithm(sizeof(ulong))
{
    /// <summary>The polynomial, bits reversed.</summary>
    public const ulong Polynomial = 0x9A6C9329AC4BC9B5;

    private const int Step = 64;
    private static readonly ulong[] Table = MakeTable();
    private static readonly Vector128<ulong> By128 = Distance(128);
    private static readonly Vector128<ulong> By512 = Distance(512);
    private ulong _crc = ulong.MaxValue;

    public override void Append(ReadOnlySpan<byte> source)
    {
        if (Pclmulqdq.IsSupported && source.Length >= 2 * Step)
        {
            var whole = source.Length & ~(Step - 1);
            _crc = Fold(_crc, source[..whole]);
            source = source[whole..];
        }

        _crc = Tabulate(_crc, source);
    }

    public override void Reset() => _crc = ulong.MaxValue;

    protected override void GetCurrentHashCore(Span<byte> destination) => BinaryPrimitives.WriteUInt64LittleEndian(destination, ~_crc);

    private static ulong Tabulate(ulong crc, ReadOnlySpan<byte> source)
    {
        ref var table = ref MemoryMarshal.GetArrayDataReference(Table);
        foreach (var word in MemoryMarshal.Cast<byte, ulong>(source))
        {
            var x = crc ^ word;
            crc = At(ref table, 7, x) ^ At(ref table, 6, x >> 8) ^ At(ref table, 5, x >> 16) ^ At(ref table, 4, x >> 24)
                ^ At(ref table, 3, x >> 32) ^ At(ref table, 2, x >> 40) ^ At(ref table, 1, x >> 48) ^ At(ref table, 0, x >> 56);
        }

        foreach (var b in source[(source.Length & ~7)..])
        {
            crc = Table[(byte)crc ^ b] ^ (crc >> 8);
        }

        return crc;
    }

    /// <summary>Folds four lanes of 16 bytes, each over the 64 bytes to its next, into one, whose remainder is that of all.</summary>
    private static ulong Fold(ulong crc, ReadOnlySpan<byte> source)
    {
        var blocks = MemoryMarshal.Cast<byte, Vector128<ulong>>(source);
        var (a, b, c, d) = (blocks[0] ^ Vector128.CreateScalar(crc), blocks[1], blocks[2], blocks[3]);
        for (blocks = blocks[4..]; blocks.Length >= 4; blocks = blocks[4..])
        {
            (a, b, c, d) = (Move(a, By512) ^ blocks[0], Move(b, By512) ^ blocks[1], Move(c, By512) ^ blocks[2], Move(d, By512) ^ blocks[3]);
        }

        var rest = Move(Move(Move(a, By128) ^ b, By128) ^ c, By128) ^ d;
        Span<byte> last = stackalloc byte[Vector128<byte>.Count];
        rest.AsByte().CopyTo(last);
        return Tabulate(0, last);
    }

    private static Vector128<ulong> Move(Vector128<ulong> block, Vector128<ulong> by) =>
        Pclmulqdq.CarrylessMultiply(block, by, 0x00) ^ Pclmulqdq.CarrylessMultiply(block, by, 0x11);

    /// <summary>What moves a block's halves on by so many bits. The product of reversed bits is one bit short, so one power is left out.</summary>
    private static Vector128<ulong> Distance(int bits) => Vector128.Create(Power(bits + 63), Power(bits - 1));

    /// <summary>A power of x modulo the polynomial, bits reversed.</summary>
    private static ulong Power(int exponent)
    {
        var power = 1UL << 63;
        for (; exponent > 0; exponent--)
        {
            power = Shift(power);
        }

        return power;
    }

    private static ulong At(ref ulong table, int slice, ulong x) => System.Runtime.CompilerServices.Unsafe.Add(ref table, (slice << 8) + (byte)x);

    private static ulong[] MakeTable()
    {
        var table = new ulong[8 * 256];
        for (var i = 0; i < table.Length; i++)
        {
            // a slice's entry is that of the slice before, moved on by one zero byte
            table[i] = i < 256 ? Byte((ulong)i) : table[(byte)table[i - 256]] ^ (table[i - 256] >> 8);
        }

        return table;
    }

    private static ulong Byte(ulong crc)
    {
        for (var bit = 0; bit < 8; bit++)
        {
            crc = Shift(crc);
        }

        return crc;
    }

    private static ulong Shift(ulong crc) => (crc & 1) != 0 ? (crc >> 1) ^ Polynomial : crc >> 1;
}

/// <summary>
/// The CRC of two contents one after the other from the CRC of each, by multiplication in the polynomial's field:
/// so a multipart upload's checksum of the full object needs no second reading.
/// </summary>
internal static class CrcCombination
{
    /// <param name="polynomial">The polynomial, bits reversed.</param>
    /// <param name="bits">32 or 64.</param>
    /// <param name="first">The CRC of what comes first.</param>
    /// <param name="second">The CRC of what follows.</param>
    /// <param name="secondLength">The length of what follows, in bytes.</param>
    public static ulong Combine(ulong polynomial, int bits, ulong first, ulong second, long secondLength)
    {
        var shift = 1UL << (bits - 1);
        var power = 1UL << (bits - 9);
        for (var n = secondLength; n > 0; n >>= 1)
        {
            if ((n & 1) != 0)
            {
                shift = Multiply(power, shift, polynomial, bits);
            }

            power = Multiply(power, power, polynomial, bits);
        }

        return Multiply(shift, first, polynomial, bits) ^ second;
    }

    private static ulong Multiply(ulong a, ulong b, ulong polynomial, int bits)
    {
        var product = 0UL;
        for (var bit = bits - 1; bit >= 0; bit--)
        {
            if (((a >> bit) & 1) != 0)
            {
                product ^= b;
            }

            b = (b & 1) != 0 ? (b >> 1) ^ polynomial : b >> 1;
        }

        return product;
    }
}
