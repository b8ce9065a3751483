using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Slipway.Workflow.DataSets;

/// <summary>
/// What a data set is: which columns identify, time, label and group its rows, which are model features and which are
/// personal data, and how its rows are split. Read from YAML (docs/data-set-specification.md); the same file goes
/// through every step of the pipeline.
/// </summary>
/// <param name="Name">The data set's name, for example <c>ad-click</c>.</param>
/// <param name="FeatureGroupName">The feature group that holds it; <c>NAME-feature-group</c> where the file says nothing.</param>
/// <param name="RecordIdentifier">Where a row's identifier comes from.</param>
/// <param name="EventTime">Where a row's event time comes from.</param>
/// <param name="Label">The column to predict.</param>
/// <param name="Group">The column whose rows stay on one side of the split (a user, a patient), or null.</param>
/// <param name="Split">How rows are divided into train, validation and test.</param>
/// <param name="PersonalData">Columns that never leave the CSV.</param>
/// <param name="IgnoredColumns">Columns of the CSV that are not used and not loaded.</param>
/// <param name="CsvColumns">Header names in the CSV by column name, for headers that are not valid feature names.</param>
/// <param name="Features">The model's features, in the order of the model's inputs.</param>
public sealed record DataSetSpecification(
    string Name,
    string FeatureGroupName,
    RecordIdentifierSource RecordIdentifier,
    EventTimeSource EventTime,
    LabelColumn Label,
    string? Group,
    SplitSettings Split,
    IReadOnlyList<string> PersonalData,
    IReadOnlyList<string> IgnoredColumns,
    IReadOnlyDictionary<string, string> CsvColumns,
    IReadOnlyList<Feature> Features)
{
    private IReadOnlyList<DataSetColumn>? _columns;

    /// <summary>The feature group's columns in order: identifier, event time, group, features, label.</summary>
    public IReadOnlyList<DataSetColumn> Columns => _columns ??= [.. ListColumns()];

    /// <summary>SHA-256, in hexadecimal, of what it says: two texts that differ in comments, spaces and quotes alone have the same.</summary>
    [JsonIgnore]
    public string Fingerprint => Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(this)));

    /// <summary>The specification of the ad-click data set, which ships with Slipway.</summary>
    public static DataSetSpecification AdClick => Parse(AdClickYaml, "ad-click.yaml");

    /// <summary>The text of the ad-click specification, as it ships.</summary>
    public static string AdClickYaml
    {
        get
        {
            using var stream = typeof(DataSetSpecification).Assembly.GetManifestResourceStream("ad-click.yaml")
                ?? throw new InvalidOperationException("The ad-click specification is missing from the assembly.");
            using var reader = new StreamReader(stream);
            return reader.ReadToEnd();
        }
    }

    /// <summary>Reads a specification from a file.</summary>
    /// <exception cref="SpecificationException">The file is not a valid specification: every fault with its line.</exception>
    public static DataSetSpecification Load(string path) => Parse(File.ReadAllText(path), path);

    /// <summary>Reads a specification from YAML text.</summary>
    /// <param name="yaml">The text.</param>
    /// <param name="source">What errors call the text: a path, usually.</param>
    /// <exception cref="SpecificationException">The text is not a valid specification: every fault with its line.</exception>
    public static DataSetSpecification Parse(string yaml, string source = "specification") =>
        SpecificationReader.Read(yaml, source);

    /// <summary>The name that a column has in the CSV's header.</summary>
    public string CsvColumn(string column) => CsvColumns.GetValueOrDefault(column, column);

    private IEnumerable<DataSetColumn> ListColumns()
    {
        yield return new DataSetColumn(RecordIdentifier.Column, "String", ColumnRole.RecordIdentifier);
        // An event time that is a number counts seconds since 1970, as in the Feature Store.
        yield return new DataSetColumn(EventTime.Column, EventTime.UnixSeconds ? "Fractional" : "String", ColumnRole.EventTime);
        if (Group is not null && Group != RecordIdentifier.Column)
        {
            yield return new DataSetColumn(Group, "String", ColumnRole.Group);
        }
        foreach (var feature in Features)
        {
            yield return new DataSetColumn(feature.Column, feature is NumberFeature ? "Fractional" : "String", ColumnRole.Feature);
        }
        yield return new DataSetColumn(Label.Column, Label.IsIntegral ? "Integral" : "String", ColumnRole.Label);
    }
}

/// <summary>What a column is for.</summary>
public enum ColumnRole
{
    /// <summary>Identifies the record.</summary>
    RecordIdentifier,

    /// <summary>Says when the record was true.</summary>
    EventTime,

    /// <summary>Keeps rows of one value on one side of the split.</summary>
    Group,

    /// <summary>Is a model feature.</summary>
    Feature,

    /// <summary>Is what the model predicts.</summary>
    Label,
}

/// <summary>A column of the feature group.</summary>
/// <param name="Name">Its name there.</param>
/// <param name="FeatureType">The Feature Store's type: <c>String</c>, <c>Fractional</c> or <c>Integral</c>.</param>
/// <param name="Role">What it is for.</param>
public sealed record DataSetColumn(string Name, string FeatureType, ColumnRole Role);

/// <summary>Where a row's identifier comes from.</summary>
/// <param name="Column">The feature group's identifier column.</param>
/// <param name="IsDerived">True where the CSV has none and it is made from the row's content and occurrence.</param>
public sealed record RecordIdentifierSource(string Column, bool IsDerived);

/// <summary>Where a row's event time comes from.</summary>
/// <param name="Column">The feature group's event time column.</param>
/// <param name="IsLoadTime">True where the CSV has none and it is the time of the load.</param>
/// <param name="UnixSeconds">True where the CSV's column counts seconds since 1970; else it is ISO 8601.</param>
public sealed record EventTimeSource(string Column, bool IsLoadTime, bool UnixSeconds);

/// <summary>The column to predict.</summary>
/// <param name="Column">Its name.</param>
/// <param name="Positive">The value that counts as 1.</param>
/// <param name="Negative">The value that counts as 0.</param>
public sealed record LabelColumn(string Column, string Positive, string Negative)
{
    /// <summary>True where both values are whole numbers: the feature group then holds the label as Integral.</summary>
    public bool IsIntegral => long.TryParse(Positive, out _) && long.TryParse(Negative, out _);
}

/// <summary>How rows are divided.</summary>
/// <param name="Strategy">The rule.</param>
/// <param name="Train">The share of the rows (or groups) to train on, above 0.</param>
/// <param name="Validation">The share that stops the training early, above 0.</param>
/// <param name="Test">The share to judge the model on, above 0. The three add up to 1.</param>
/// <param name="Seed">Changes which rows go where, and nothing else.</param>
public sealed record SplitSettings(SplitStrategy Strategy, double Train, double Validation, double Test, int Seed);

/// <summary>The rule of a split.</summary>
public enum SplitStrategy
{
    /// <summary>By group where the group column's values repeat, else at random.</summary>
    Auto,

    /// <summary>Each row by itself, whatever its group.</summary>
    Random,

    /// <summary>Oldest rows train, newest rows test.</summary>
    Time,
}

/// <summary>A feature of the model: one input, and one more where its absence is an input too.</summary>
/// <param name="Column">The raw column, and the name of the model's input.</param>
/// <param name="KnownIndicator">The input that is 1 where the value is known and 0 where it is not; null for none.</param>
[JsonDerivedType(typeof(NumberFeature), "number")]
[JsonDerivedType(typeof(CategoryFeature), "category")]
public abstract record Feature(string Column, string? KnownIndicator);

/// <summary>A number, used as it is; NaN where unknown.</summary>
/// <param name="Column">The raw column.</param>
/// <param name="Min">The smallest allowed value, or null.</param>
/// <param name="Max">The largest allowed value, or null.</param>
/// <param name="KnownIndicator">See <see cref="Feature"/>.</param>
public sealed record NumberFeature(string Column, double? Min, double? Max, string? KnownIndicator)
    : Feature(Column, KnownIndicator);

/// <summary>One of a list of values, used as its place in the list from 1; 0 where unknown.</summary>
/// <param name="Column">The raw column.</param>
/// <param name="Values">The allowed values in the order of their codes.</param>
/// <param name="KnownIndicator">See <see cref="Feature"/>.</param>
public sealed record CategoryFeature(string Column, IReadOnlyList<string> Values, string? KnownIndicator)
    : Feature(Column, KnownIndicator);
