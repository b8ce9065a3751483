using System.Buffers.Binary;

namespace Slipway.Workflow.DataSets.Csv;

/// <summary>
/// What became of the values that a column had before, so that a value which comes again need not be read again: most
/// columns have few. A value takes the place of another one that shares its slot, so that memory is bounded.
/// </summary>
internal sealed class ValueMemo
{
    private const int SlotBits = 9, Half = 32;

    // a slot: the length of the value in the CSV plus 1 (0: nothing is there), that value, then the same of the canonical one
    private readonly byte[] _slots = new byte[(2 * Half) << SlotBits];

    /// <summary>Looks a value up.</summary>
    /// <param name="raw">As it stands in the CSV, in UTF-8.</param>
    /// <param name="canonical">In canonical form.</param>
    public bool TryFind(ReadOnlySpan<byte> raw, out ReadOnlySpan<byte> canonical)
    {
        canonical = default;
        if (raw.Length >= Half)
        {
            return false;
        }

        var slot = Slot(raw);
        if (slot[0] != raw.Length + 1 || !slot.Slice(1, raw.Length).SequenceEqual(raw))
        {
            return false;
        }

        canonical = slot.Slice(Half + 1, slot[Half] - 1);
        return true;
    }

    /// <summary>Keeps a value where both of its forms are short.</summary>
    public void Add(ReadOnlySpan<byte> raw, ReadOnlySpan<byte> canonical)
    {
        if (raw.Length < Half && canonical.Length < Half)
        {
            var slot = Slot(raw);
            Set(slot, raw);
            Set(slot[Half..], canonical);
        }
    }

    private static void Set(Span<byte> half, ReadOnlySpan<byte> value)
    {
        half[0] = (byte)(value.Length + 1);
        value.CopyTo(half[1..]);
    }

    private Span<byte> Slot(ReadOnlySpan<byte> raw)
    {
        var mixed = (Ends(raw) + (ulong)raw.Length) * 0x9E3779B97F4A7C15;
        return _slots.AsSpan((int)(mixed >> (64 - SlotBits)) * 2 * Half, 2 * Half);
    }

    private static ulong Ends(ReadOnlySpan<byte> raw) => raw.Length switch
    {
        >= 8 => BinaryPrimitives.ReadUInt64LittleEndian(raw) ^ (BinaryPrimitives.ReadUInt64LittleEndian(raw[^8..]) * 31),
        >= 4 => BinaryPrimitives.ReadUInt32LittleEndian(raw) | ((ulong)BinaryPrimitives.ReadUInt32LittleEndian(raw[^4..]) << 32),
        >= 1 => (ulong)(raw[0] | (raw[raw.Length / 2] << 8) | (raw[^1] << 16)),
        _ => 0,
    };
}
