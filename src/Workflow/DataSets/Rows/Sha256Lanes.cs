using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using System.Security.Cryptography;

namespace Slipway.Workflow.DataSets.Rows;

/// <summary>
/// SHA-256 (FIPS 180-4) of many short messages, eight of them side by side in the lanes of a vector: for messages of some
/// hundred bytes the platform's own takes four times as long, most of it for its preparation of each. It hashes contents
/// to recognise them; what is secret is hashed by <see cref="SHA256"/>.
/// </summary>
internal static class Sha256Lanes
{
    private const int Lanes = 8, Block = 64, Words = 16, Rounds = 64;

    // the bit that ends a message, and its length
    private const int Ending = 9;

    // a long message would be waited for by seven idle lanes
    private const int LongestInLane = 4096;

    private static ReadOnlySpan<uint> Constants =>
    [
        0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
        0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
        0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
        0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
        0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
        0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
        0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
        0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
    ];

    private static ReadOnlySpan<uint> Start => [0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19];

    /// <summary>Hashes messages.</summary>
    /// <param name="messages">One after the other.</param>
    /// <param name="ends">Where each ends.</param>
    /// <param name="hashes">Where to: <see cref="SHA256.HashSizeInBytes"/> each.</param>
    public static void HashData(ReadOnlySpan<byte> messages, ReadOnlySpan<int> ends, Span<byte> hashes)
    {
        Span<byte> tails = stackalloc byte[Lanes * 2 * Block];
        for (var first = 0; first < ends.Length; first += Lanes)
        {
            var start = first == 0 ? 0 : ends[first - 1];
            var few = ends.Slice(first, Math.Min(Lanes, ends.Length - first));
            HashFew(messages, start, few, tails, hashes[(first * SHA256.HashSizeInBytes)..]);
        }
    }

    private static void HashFew(ReadOnlySpan<byte> messages, int start, ReadOnlySpan<int> ends, Span<byte> tails, Span<byte> hashes)
    {
        Span<int> blocks = stackalloc int[Lanes];
        blocks.Clear();
        for (var (lane, from) = (0, start); lane < ends.Length; from = ends[lane++])
        {
            var message = messages[from..ends[lane]];
            if (message.Length > LongestInLane)
            {
                SHA256.HashData(message, hashes.Slice(lane * SHA256.HashSizeInBytes, SHA256.HashSizeInBytes));
                continue;
            }
            blocks[lane] = (message.Length + Ending + Block - 1) / Block;
            End(message, tails.Slice(lane * 2 * Block, 2 * Block));
        }
        Span<uint> state = stackalloc uint[Start.Length * Lanes];
        for (var i = 0; i < Start.Length; i++)
        {
            state.Slice(i * Lanes, Lanes).Fill(Start[i]);
        }
        Span<uint> words = stackalloc uint[Words * Lanes];
        words.Clear();
        for (var block = 0; block < Largest(blocks); block++)
        {
            for (var (lane, from) = (0, start); lane < ends.Length; from = ends[lane++])
            {
                if (block < blocks[lane])
                {
                    var whole = (ends[lane] - from) / Block;
                    Read(block < whole ? messages.Slice(from + (block * Block), Block) : tails.Slice((((2 * lane) + block - whole) * Block), Block), words[lane..]);
                }
            }
            Add(state, words);
            for (var lane = 0; lane < ends.Length; lane++)
            {
                if (block == blocks[lane] - 1)
                {
                    Write(state[lane..], hashes.Slice(lane * SHA256.HashSizeInBytes, SHA256.HashSizeInBytes));
                }
            }
        }
    }

    private static int Largest(ReadOnlySpan<int> blocks)
    {
        var largest = 0;
        foreach (var count in blocks)
        {
            largest = Math.Max(largest, count);
        }
        return largest;
    }

    // What comes after a message's last whole block: one block, or two where the end does not fit.
    private static void End(ReadOnlySpan<byte> message, Span<byte> tail)
    {
        var rest = message[(message.Length / Block * Block)..];
        tail.Clear();
        rest.CopyTo(tail);
        tail[rest.Length] = 0x80;
        var size = rest.Length + Ending > Block ? 2 * Block : Block;
        BinaryPrimitives.WriteUInt64BigEndian(tail[(size - sizeof(ulong))..], (ulong)message.Length * 8);
    }

    private static void Read(ReadOnlySpan<byte> block, Span<uint> lane)
    {
        for (var word = 0; word < Words; word++)
        {
            lane[word * Lanes] = BinaryPrimitives.ReadUInt32BigEndian(block[(word * sizeof(uint))..]);
        }
    }

    private static void Write(ReadOnlySpan<uint> lane, Span<byte> hash)
    {
        for (var i = 0; i < Start.Length; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(hash[(i * sizeof(uint))..], lane[i * Lanes]);
        }
    }

    // No compiler ahead of time takes vectors of this size, and unoptimized code would take a hundred times as long until it is replaced.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Add(Span<uint> state, ReadOnlySpan<uint> words)
    {
        Span<Vector256<uint>> schedule = stackalloc Vector256<uint>[Rounds];
        for (var t = 0; t < Words; t++)
        {
            schedule[t] = Word(words, t);
        }
        for (var t = Words; t < Rounds; t++)
        {
            var (early, late) = (schedule[t - 15], schedule[t - 2]);
            schedule[t] = schedule[t - 16] + (Right(early, 7) ^ Right(early, 18) ^ (early >>> 3))
                + schedule[t - 7] + (Right(late, 17) ^ Right(late, 19) ^ (late >>> 10));
        }
        var (a, b, c, d) = (Word(state, 0), Word(state, 1), Word(state, 2), Word(state, 3));
        var (e, f, g, h) = (Word(state, 4), Word(state, 5), Word(state, 6), Word(state, 7));
        for (var t = 0; t < Rounds; t++)
        {
            var first = h + (Right(e, 6) ^ Right(e, 11) ^ Right(e, 25)) + ((e & f) ^ Vector256.AndNot(g, e)) + Vector256.Create(Constants[t]) + schedule[t];
            var second = (Right(a, 2) ^ Right(a, 13) ^ Right(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
            (h, g, f, e, d, c, b, a) = (g, f, e, d + first, c, b, a, first + second);
        }
        foreach (var (word, added) in (ReadOnlySpan<(int, Vector256<uint>)>)[(0, a), (1, b), (2, c), (3, d), (4, e), (5, f), (6, g), (7, h)])
        {
            (Word(state, word) + added).CopyTo(state[(word * Lanes)..]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Right(Vector256<uint> words, [ConstantExpected] byte bits) =>
        Avx512F.VL.IsSupported ? Avx512F.VL.RotateRight(words, bits) : (words >>> bits) | (words << (32 - bits));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Word(ReadOnlySpan<uint> words, int word) => Vector256.Create(words.Slice(word * Lanes, Lanes));
}
