using System.Buffers.Binary;
using System.IO.Hashing;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Slipway.LocalAws.S3;

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

/// <summary>CRC-64/NVME, which S3 computes where a client sends no checksum; eight bytes a step.</summary>
internal sealed class Crc64Nvme() : NonCryptographicHashAlgorithm(sizeof(ulong))
{
    /// <summary>The polynomial, bits reversed.</summary>
    public const ulong Polynomial = 0x9A6C9329AC4BC9B5;

    private static readonly ulong[] Table = MakeTable();
    private ulong _crc = ulong.MaxValue;

    public override void Append(ReadOnlySpan<byte> source)
    {
        var crc = _crc;
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

        _crc = crc;
    }

    public override void Reset() => _crc = ulong.MaxValue;

    protected override void GetCurrentHashCore(Span<byte> destination) => BinaryPrimitives.WriteUInt64LittleEndian(destination, ~_crc);

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
            crc = (crc & 1) != 0 ? (crc >> 1) ^ Polynomial : crc >> 1;
        }

        return crc;
    }
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
