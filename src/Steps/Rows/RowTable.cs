using System.Numerics;
using System.Runtime.InteropServices;

namespace Slipway.Steps.Rows;

/// <summary>Numbers rows from 0 as they come; rows of the same bits have one number (so that NaN is NaN).</summary>
/// <param name="width">The values of a row.</param>
/// <remarks>
/// A hash table with linear probing that holds the rows side by side: a .NET dictionary with rows for keys takes several
/// times as long, and a training waits for it.
/// </remarks>
internal sealed class RowTable(int width)
{
    private const ulong GoldenRatio = 0x9E3779B97F4A7C15;
    private const int FirstSize = 1 << 12;

    // the number of a row plus one; 0: free
    private int[] _slots = new int[FirstSize];
    private uint[] _rows = new uint[FirstSize / 2 * width];

    /// <summary>How many different rows came.</summary>
    public int Count { get; private set; }

    /// <summary>The number of a row.</summary>
    public int Place(ReadOnlySpan<float> row)
    {
        var bits = MemoryMarshal.Cast<float, uint>(row);
        ref var slot = ref Slot(bits);
        if (slot == 0)
        {
            if (Count == _slots.Length / 2)
            {
                Grow();
                slot = ref Slot(bits);
            }
            bits.CopyTo(_rows.AsSpan(Count * width));
            slot = ++Count;
        }
        return slot - 1;
    }

    private ref int Slot(ReadOnlySpan<uint> row)
    {
        var last = _slots.Length - 1;
        var at = (int)Hash(row) & last;
        while (_slots[at] != 0 && !row.SequenceEqual(_rows.AsSpan((_slots[at] - 1) * width, width)))
        {
            at = (at + 1) & last;
        }
        return ref _slots[at];
    }

    private void Grow()
    {
        _slots = new int[_slots.Length * 2];
        Array.Resize(ref _rows, _slots.Length / 2 * width);
        for (var row = 0; row < Count; row++)
        {
            Slot(_rows.AsSpan(row * width, width)) = row + 1;
        }
    }

    private static uint Hash(ReadOnlySpan<uint> row)
    {
        var hash = 0UL;
        foreach (var value in row)
        {
            hash = BitOperations.RotateLeft((hash ^ value) * GoldenRatio, 29);
        }
        return (uint)(hash ^ (hash >> 32));
    }
}
