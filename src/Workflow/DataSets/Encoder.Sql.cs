using System.Globalization;

namespace Slipway.Workflow.DataSets;

public sealed partial class Encoder
{
    /// <summary>
    /// DuckDB's expression of each input over a table with the raw columns (numbers DOUBLE, categories VARCHAR; NULL and
    /// empty are unknown), in the order of <see cref="InputNames"/>: a FLOAT for a number, and the smallest unsigned integer
    /// that holds its values for a code and for an indicator. A value that <see cref="Set"/> refuses ends the query with an
    /// error that names column and value.
    /// </summary>
    public IReadOnlyList<string> SqlExpressions()
    {
        var expressions = _features.Select(Expression).ToList();
        expressions.AddRange(_features.Where(feature => feature.KnownIndicator is not null).Select(Indicator));
        return expressions;
    }

    /// <summary>A name as SQL writes it.</summary>
    public static string SqlName(string name) => '"' + name.Replace("\"", "\"\"", StringComparison.Ordinal) + '"';

    /// <summary>A text as SQL writes it.</summary>
    public static string SqlText(string text) => '\'' + text.Replace("'", "''", StringComparison.Ordinal) + '\'';

    private static string Expression(Feature feature) =>
        $"{(feature is NumberFeature number ? NumberExpression(number) : CategoryExpression((CategoryFeature)feature))} AS {SqlName(feature.Column)}";

    private static string NumberExpression(NumberFeature feature)
    {
        var column = SqlName(feature.Column);
        return $"""
            CASE WHEN {column} IS NULL THEN 'NaN'::FLOAT
                 WHEN {column} BETWEEN {SqlNumber(Low(feature))} AND {SqlNumber(High(feature))} THEN {column}::FLOAT
                 ELSE error({SqlText($"'{feature.Column}': '")} || {column} || {SqlText("' is outside the allowed range.")}) END
            """;
    }

    private static string CategoryExpression(CategoryFeature feature)
    {
        var column = SqlName(feature.Column);
        var type = feature.Values.Count switch { <= byte.MaxValue => "UTINYINT", <= ushort.MaxValue => "USMALLINT", _ => "UINTEGER" };
        // DuckDB looks up each value of a Parquet dictionary once, and would take the branches of a CASE row after row.
        return $"""
            coalesce(list_position([{string.Join(", ", feature.Values.Select(SqlText))}], {column})::{type},
                     CASE WHEN coalesce({column}, '') = '' THEN 0::{type}
                          ELSE error({SqlText($"'{feature.Column}': '")} || {column} || {SqlText("' is not one of its values.")}) END)
            """;
    }

    private static string Indicator(Feature feature)
    {
        var column = SqlName(feature.Column);
        var known = feature is NumberFeature ? $"{column} IS NOT NULL" : $"coalesce({column}, '') <> ''";
        return $"({known})::UTINYINT AS {SqlName(feature.KnownIndicator!)}";
    }

    private static string SqlNumber(double value) => $"({value.ToString("R", CultureInfo.InvariantCulture)})::DOUBLE";
}
