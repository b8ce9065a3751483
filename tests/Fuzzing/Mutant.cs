using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace Slipway.Tests.Fuzzing;

/// <summary>A change to some bytes. What its numbers mean depends on how many bytes there are, so that each edit fits any input.</summary>
/// <param name="Kind">0 to <see cref="Kinds"/> - 1.</param>
/// <param name="At">Where, in 65,536ths of the bytes.</param>
/// <param name="Size">How much.</param>
/// <param name="Word">Which of the target's words, or of its other seeds.</param>
public sealed record Edit(int Kind, int At, int Size, int Word)
{
    /// <summary>How many kinds of edit there are.</summary>
    public const int Kinds = 9;

    private static readonly string[] Numbers = ["0", "-1", "1e999", "NaN", "", "2147483648", "9223372036854775808", "99999999999999999999", "0x10", "1.5"];

    /// <summary>The bytes with the change.</summary>
    public byte[] Apply(byte[] input, FuzzTarget target)
    {
        var at = (int)((long)At * input.Length >> 16);
        var end = Math.Min(input.Length, at + Size);
        var (before, here, after) = (input[..at], input[at..end], input[end..]);
        return Kind switch
        {
            0 => [.. before, .. here.Select((b, i) => i == 0 ? (byte)(b ^ (1 << (Word & 7))) : b), .. after],
            1 => [.. before, (byte)Word, .. input[Math.Min(input.Length, at + 1)..]],
            2 => [.. before, .. after],
            3 => [.. before, .. here, .. here, .. after],
            4 => [.. before, .. Encoding.UTF8.GetBytes(target.Words[Word % target.Words.Count]), .. input[at..]],
            5 => [.. before, .. Enumerable.Repeat((byte)Word, Size), .. input[at..]],
            6 => before,
            7 => Number(input, at),
            _ => [.. before, .. Splice(target.Seeds[Word % target.Seeds.Count])],
        };
    }

    private byte[] Number(byte[] input, int at)
    {
        var start = Array.FindIndex(input, at, b => b is >= (byte)'0' and <= (byte)'9');
        if (start < 0)
        {
            return input;
        }

        var end = Array.FindIndex(input, start, b => b is < (byte)'0' or > (byte)'9');
        return [.. input[..start], .. Encoding.ASCII.GetBytes(Numbers[Word % Numbers.Length]), .. end < 0 ? [] : input[end..]];
    }

    private byte[] Splice(byte[] other) => other[(int)((long)At * other.Length >> 16)..];
}

/// <summary>A seed of a target, and what is done to it.</summary>
public sealed record Mutant(int Seed, IReadOnlyList<Edit> Edits)
{
    private const int Largest = 1 << 16;

    /// <summary>Seeds with up to eight edits; a mutant with an edit less is a simpler one.</summary>
    public static Arbitrary<Mutant> Of(FuzzTarget target)
    {
        var edit =
            from kind in Gen.Choose(0, Edit.Kinds - 1)
            from at in Gen.Choose(0, 65535)
            from size in Gen.Frequency((6, Gen.Choose(1, 16)), (1, Gen.Choose(100, 20_000)))
            from word in Gen.Choose(0, 255)
            select new Edit(kind, at, size, word);
        var mutant =
            from seed in Gen.Choose(0, target.Seeds.Count - 1)
            from count in Gen.Choose(0, 8)
            from edits in edit.ListOf(count)
            select new Mutant(seed, [.. edits]);
        return Arb.From(mutant, m => m.Edits.Select((_, i) => m with { Edits = [.. m.Edits.Where((_, j) => j != i)] }));
    }

    /// <summary>Its bytes.</summary>
    public byte[] Bytes(FuzzTarget target)
    {
        var bytes = target.Seeds[Seed];
        foreach (var edit in Edits)
        {
            bytes = edit.Apply(bytes, target);
            bytes = bytes.Length > Largest ? bytes[..Largest] : bytes;
        }

        return bytes;
    }
}
