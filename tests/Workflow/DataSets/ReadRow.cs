using System.Text;
using Slipway.Workflow.DataSets;

namespace Slipway.Tests.Workflow.DataSets;

/// <summary>A row of a CSV as tests look at it: its values, null where unknown, with the identifier that is made from them.</summary>
internal sealed record ReadRow(long Line, IReadOnlyList<string?> Values, IReadOnlyList<RowError> Errors, IReadOnlyList<string> BadFields)
{
    public static List<ReadRow> All(Stream csv, DataSetSpecification specification, string source)
    {
        using var rows = new CsvRows(csv, specification, source);
        var batch = new RowBatch(specification);
        using var derived = new DerivedIdentifier(specification);
        var all = new List<ReadRow>();
        while (rows.Read(batch))
        {
            all.Add(rows.Errors.Count > 0
                ? new(rows.Line, [], rows.Errors, rows.Fields())
                : new(rows.Line, Texts(batch[0], specification.RecordIdentifier.IsDerived ? derived : null), [], []));
            batch.Keep(0);
        }
        return all;
    }

    private static string?[] Texts(RowBatch.Row row, DerivedIdentifier? derived)
    {
        var values = new string?[row.Count];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = row.IsKnown(i) ? Encoding.UTF8.GetString(row[i]) : null;
        }
        if (derived is not null)
        {
            var identifier = new byte[DerivedIdentifier.Longest];
            values[0] = Encoding.UTF8.GetString(identifier, 0, derived.Next(derived.Hash(row), identifier));
        }
        return values;
    }
}
