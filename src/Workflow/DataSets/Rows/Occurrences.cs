using System.Runtime.InteropServices;

namespace Slipway.Workflow.DataSets.Rows;

/// <summary>
/// Counts how often each 64-bit key came: 12 bytes a slot, so that ten million rows take about 300 MB at the most. Two
/// contents with the same key (one chance in 10^5 for ten million rows) share a count, which leaves identifiers unique.
/// </summary>
internal sealed class Occurrences
{
    private Counted[] _slots = new Counted[1024];
    private int _used;

    /// <summary>Counts a key.</summary>
    /// <returns>Which occurrence this is, from 1.</returns>
    public int Next(ulong key)
    {
        if (_used > _slots.Length / 4 * 3)
        {
            Grow();
        }
        ref var slot = ref Slot(key);
        if (slot.Count == 0)
        {
            slot.Key = key;
            _used++;
        }
        return ++slot.Count;
    }

    private ref Counted Slot(ulong key)
    {
        var slots = _slots;
        var slot = (int)(key & (ulong)(slots.Length - 1));
        while (slots[slot].Count != 0 && slots[slot].Key != key)
        {
            slot = (slot + 1) & (slots.Length - 1);
        }
        return ref slots[slot];
    }

    private void Grow()
    {
        var slots = _slots;
        _slots = new Counted[slots.Length * 2];
        foreach (var slot in slots)
        {
            if (slot.Count != 0)
            {
                Slot(slot.Key) = slot;
            }
        }
    }

    [StructLayout(LayoutKind.Sequential, Pack = 4)]
    private struct Counted
    {
        public ulong Key;
        public int Count;
    }
}
