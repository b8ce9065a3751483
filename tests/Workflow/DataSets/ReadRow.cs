using System.Text;
using Slipway.Workflow.DataSets;
using Slipway.Workflow.DataSets.Csv;
using Slipway.Workflow.DataSets.Rows;

namespace Slipway.Tests.Workflow.DataSets;

/// <summary>A row of a CSV as tests look at it: its values, null where unknown, with the identifier that is made from them.</summary>
internal sealed record ReadRow(long Line, IReadOnlyList<string?> Values, IReadOnlyList<RowError> Errors, IReadOnlyList<string> BadFields)
{
    public static List<ReadRow> All(Stream csv, DataSetSpecification specification, string source)
    {
        using var rows = new CsvRows(csv, specification, source);
        var batch = new RowBatch(specification);
        var derived = specification.RecordIdentifier.IsDerived ? new DerivedIdentifier(specification) : null;
        var occurrences = new Occurrences();
        var all = new List<ReadRow>();
        while (rows.Read(batch))
        {
            derived?.Hash(batch);
            all.Add(rows.Errors.Count > 0
                ? new(rows.Line, [], rows.Errors, rows.Fields())
                : new(rows.Line, Texts(batch, derived is null ? null : occurrences), [], []));
            batch.Keep(0);
        }
        return all;
    }

    private static string?[] Texts(RowBatch batch, Occurrences? occurrences)
    {
        var row = batch[0];
        var values = new string?[row.Count];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = row.IsKnown(i) ? Encoding.UTF8.GetString(row[i]) : null;
        }
        if (occurrences is not null)
        {
            var identifier = new byte[DerivedIdentifier.Longest];
            values[0] = Encoding.UTF8.GetString(identifier, 0, DerivedIdentifier.Write(batch.Hashes[0], occurrences.Next((ulong)batch.Hashes[0]), identifier));
        }
        return values;
    }
}
