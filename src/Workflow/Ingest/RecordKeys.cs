using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Slipway.Workflow.DataSets;

namespace Slipway.Workflow.Ingest;

/// <summary>
/// The identifiers and event times of a CSV's rows. A record is one identifier at one time, so a second row of both is a
/// fault. Takes about 50 bytes a row; nothing where identifiers are derived, which are all different.
/// </summary>
internal sealed class RecordKeys(DataSetSpecification specification)
{
    private readonly HashSet<UInt128> _seen = [];

    /// <summary>Adds a row; answers the fault where its identifier came before at the same time.</summary>
    public RowError? Add(CsvRow row)
    {
        if (specification.RecordIdentifier.IsDerived)
        {
            return null;
        }

        var (identifier, time) = (row.Values[0].AsString, row.Values[1].AsString);
        var key = BinaryPrimitives.ReadUInt128LittleEndian(SHA256.HashData(MemoryMarshal.AsBytes($"{identifier}\n{time}".AsSpan())));
        return _seen.Add(key)
            ? null
            : new(row.Line, specification.CsvColumn(specification.RecordIdentifier.Column),
                $"the identifier '{Shown.Text(identifier!)}' came before {(time is null ? "" : $"at the same time {time}")}; give each record an identifier or an event time of its own.");
    }
}
