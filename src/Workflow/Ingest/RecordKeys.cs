using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Slipway.Workflow.DataSets;
using Slipway.Workflow.DataSets.Csv;
using Slipway.Workflow.DataSets.Rows;

namespace Slipway.Workflow.Ingest;

/// <summary>
/// The identifiers and event times of a CSV's rows. A record is one identifier at one time, so a second row of both is a
/// fault. Takes about 50 bytes a row; nothing where identifiers are derived, which are all different.
/// </summary>
internal sealed class RecordKeys(DataSetSpecification specification)
{
    private readonly HashSet<UInt128> _seen = [];

    /// <summary>Adds the last row of a batch; takes it out again, and answers the fault, where its identifier came before at the same time.</summary>
    /// <param name="line">The line on which the row begins.</param>
    /// <param name="batch">The rows.</param>
    public RowError? Add(long line, RowBatch batch)
    {
        if (specification.RecordIdentifier.IsDerived)
        {
            return null;
        }

        var row = batch[batch.Rows - 1];
        if (_seen.Add(BinaryPrimitives.ReadUInt128LittleEndian(SHA256.HashData([.. row[0], (byte)'\n', .. row[1]]))))
        {
            return null;
        }

        var fault = new RowError(line, specification.CsvColumn(specification.RecordIdentifier.Column),
            $"the identifier '{Shown.Text(Encoding.UTF8.GetString(row[0]))}' came before {(row.IsKnown(1) ? $"at the same time {Encoding.UTF8.GetString(row[1])}" : "")}; give each record an identifier or an event time of its own.");
        batch.Keep(batch.Rows - 1);
        return fault;
    }
}
