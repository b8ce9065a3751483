namespace Slipway.Steps.Evaluate;

/// <summary>Sorts scores, several times as fast as by comparing them: a training ranks its validation rows after each tree.</summary>
internal static class RadixSort
{
    private const int Digits = 8;
    private const int Values = 256;
    private const ulong Sign = 1UL << 63;

    /// <summary>A key whose order among unsigned numbers is that of the score; 0 and -0 have one key.</summary>
    public static ulong Key(double score)
    {
        var bits = BitConverter.DoubleToUInt64Bits(score + 0.0);
        return (bits & Sign) == 0 ? bits | Sign : ~bits;
    }

    /// <summary>The score of a key.</summary>
    public static double Score(ulong key) => BitConverter.UInt64BitsToDouble((key & Sign) != 0 ? key & ~Sign : ~key);

    /// <summary>Sorts keys, smallest first, digit after digit from the last.</summary>
    /// <returns>The sorted keys, in an array of their own or the one given.</returns>
    public static ulong[] Sort(ulong[] keys)
    {
        var counts = new int[Digits * Values];
        foreach (var key in keys)
        {
            for (var digit = 0; digit < Digits; digit++)
            {
                counts[(digit * Values) + (int)((key >> (8 * digit)) & 0xFF)]++;
            }
        }
        var other = new ulong[keys.Length];
        for (var digit = 0; digit < Digits; digit++)
        {
            var places = counts.AsSpan(digit * Values, Values);
            // where all keys agree in a digit there is nothing to move
            if (!places.Contains(keys.Length))
            {
                Move(keys, other, 8 * digit, places);
                (keys, other) = (other, keys);
            }
        }
        return keys;
    }

    private static void Move(ulong[] from, ulong[] to, int shift, Span<int> places)
    {
        var place = 0;
        for (var value = 0; value < Values; value++)
        {
            (places[value], place) = (place, place + places[value]);
        }
        foreach (var key in from)
        {
            to[places[(int)((key >> shift) & 0xFF)]++] = key;
        }
    }
}
