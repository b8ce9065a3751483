using System.Text.RegularExpressions;
using Slipway.Workflow.DataSets.Csv;

namespace Slipway.Workflow.DataSets;

/// <summary>Which column of a CSV is probably what, by name and by values.</summary>
internal sealed partial class Roles
{
    private Roles(ColumnProfile label, bool labelIsSure) => (Label, LabelIsSure) = (label, labelIsSure);

    /// <summary>What to predict.</summary>
    public ColumnProfile Label { get; }

    /// <summary>True where the label was named, or no other column has two values.</summary>
    public bool LabelIsSure { get; }

    /// <summary>A column of different values throughout that is named as an identifier; null for none.</summary>
    public ColumnProfile? Identifier { get; private set; }

    /// <summary>A column of times in every row; null for none.</summary>
    public ColumnProfile? EventTime { get; private set; }

    /// <summary>A column that is named as an identifier, and repeats; null for none.</summary>
    public ColumnProfile? Group { get; private set; }

    /// <summary>Columns that may say who a person is.</summary>
    public List<ColumnProfile> Personal { get; } = [];

    /// <summary>Columns that are no use to a model as they are.</summary>
    public List<ColumnProfile> Ignored { get; } = [];

    /// <summary>All others.</summary>
    public List<ColumnProfile> Features { get; } = [];

    /// <summary>Whether a header is a usual name of identifiers, of rows or of what repeats in them.</summary>
    public static bool IsNamedIdentifier(string header) => IdentifierName().IsMatch(header);

    /// <summary>Decides.</summary>
    /// <exception cref="CsvException">No column can be the label, or the one that was named can't.</exception>
    public static Roles Of(IReadOnlyList<ColumnProfile> columns, string? label, string path)
    {
        var candidates = columns.Where(column => column.Values.Count == 2 && column.Present == column.Rows).ToList();
        var named = columns.FirstOrDefault(column => column.Header == label);
        if (label is not null && (named is null || !candidates.Contains(named)))
        {
            throw new CsvException(path, 1, named is null
                ? $"there is no column '{label}'; there are {string.Join(", ", columns.Select(column => column.Header))}."
                : $"'{label}' can't be the label: it has {named.Distinct} different values in {named.Present} of {named.Rows} rows, and needs two in all.");
        }
        var found = named ?? candidates.LastOrDefault(column => LabelName().IsMatch(column.Header)) ?? candidates.LastOrDefault()
            ?? throw new CsvException(path, 1, "no column has exactly two values and one in every row, as a label must.");
        var roles = new Roles(found, named is not null || candidates.Count == 1 || LabelName().IsMatch(found.Header));
        foreach (var column in columns.Where(column => column != found))
        {
            roles.Place(column);
        }
        return roles.Features.Count > 0 ? roles
            : throw new CsvException(path, 1, "no column is left that could be a feature.");
    }

    private void Place(ColumnProfile column)
    {
        if (PersonalName().IsMatch(column.Header))
        {
            Personal.Add(column);
        }
        else if (column.Distinct <= 1)
        {
            Ignored.Add(column);
        }
        else if (column.IsUnique && Identifier is null)
        {
            Identifier = column;
        }
        else if (IsNamedIdentifier(column.Header) && column.Present == column.Rows && column.Distinct > CsvProfile.MostValues && Group is null)
        {
            Group = column;
        }
        else if (column.IsTime && column.Present == column.Rows && EventTime is null)
        {
            EventTime = column;
        }
        else if (column.IsNumber || column.Values.Count > 0)
        {
            Features.Add(column);
        }
        else
        {
            Ignored.Add(column);
        }
    }

    [GeneratedRegex("^(label|target|class|outcome|y|click(ed)?( on ad)?|churn(ed)?|fraud|is_fraud|default|converted|conversion|response)$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex LabelName();

    [GeneratedRegex("(^|[^a-z])(first|last|full|user|customer|sur|given|family)?_?name$|e-?mail|phone|mobile_number|(^|_)(street|address|ssn|passport|iban|ip)($|_)|birth", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex PersonalName();

    [GeneratedRegex("(?i:(^|[_ -])(id|uuid|guid|key|identifier)$|^(user|customer|patient|account|member|session)(_?id)?$)|[a-z](Id|ID)$", RegexOptions.ExplicitCapture)]
    private static partial Regex IdentifierName();
}
