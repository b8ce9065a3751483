using System.Text.Json;
using System.Text.Json.Serialization;

namespace Slipway.Workflow.DataSets;

/// <summary>encoder.json: what an encoder is made of, and nothing else.</summary>
/// <param name="Version">The form of this file, 1.</param>
/// <param name="DataSet">The data set's name.</param>
/// <param name="Inputs">The model's inputs in order: for people and other programs; it follows from the features.</param>
/// <param name="Features">The features in order.</param>
/// <param name="OtherColumns">Columns that a raw row may carry and that are not looked at.</param>
internal sealed record EncoderFile(
    int Version, string DataSet, IReadOnlyList<string> Inputs, IReadOnlyList<EncoderFileFeature> Features,
    IReadOnlyList<string> OtherColumns);

/// <summary>A feature in encoder.json: with values it is a category, without a number.</summary>
internal sealed record EncoderFileFeature(
    string Column, IReadOnlyList<string>? Values, double? Min, double? Max, string? KnownIndicator);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, RespectRequiredConstructorParameters = false)]
[JsonSerializable(typeof(EncoderFile))]
internal sealed partial class EncoderFileJson : JsonSerializerContext;

public sealed partial class Encoder
{
    /// <summary>The content of encoder.json.</summary>
    public string ToJson() => JsonSerializer.Serialize(
        new EncoderFile(1, DataSet, _inputNames, [.. _features.Select(ToFile)], [.. _otherColumns]),
        EncoderFileJson.Default.EncoderFile);

    /// <summary>Reads encoder.json.</summary>
    /// <param name="json">The file's content.</param>
    /// <exception cref="InvalidDataException">The content is not an encoder of this version.</exception>
    public static Encoder FromJson(string json)
    {
        try
        {
            var file = JsonSerializer.Deserialize(json, EncoderFileJson.Default.EncoderFile);
            if (file is not { Version: 1, DataSet: not null, Features.Count: > 0 } || file.Features.Any(IsIncomplete) || (file.OtherColumns ?? []).Contains(null!))
            {
                throw new InvalidDataException("encoder.json is not an encoder of version 1.");
            }
            var encoder = new Encoder(file.DataSet, [.. file.Features.Select(FromFile)], file.OtherColumns ?? []);
            return encoder.InputNames.SequenceEqual(file.Inputs ?? [])
                ? encoder
                : throw new InvalidDataException("encoder.json lists inputs that do not follow from its features.");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException("encoder.json is not an encoder: " + e.Message, e);
        }
        // of a dictionary of columns, or of a category's values
        catch (ArgumentException e)
        {
            throw new InvalidDataException("encoder.json names a column, or a value of a category, twice.", e);
        }
    }

    /// <summary>Reads encoder.json from a path.</summary>
    /// <exception cref="InvalidDataException">The content is not an encoder of this version.</exception>
    public static Encoder Load(string path) => FromJson(File.ReadAllText(path));

    private static bool IsIncomplete(EncoderFileFeature? feature) => feature?.Column is null || feature.Values?.Contains(null!) == true
        // a number that is too large for one is read as infinite
        || !double.IsFinite(feature.Min ?? 0) || !double.IsFinite(feature.Max ?? 0);

    private static EncoderFileFeature ToFile(Feature feature) => feature is NumberFeature number
        ? new EncoderFileFeature(number.Column, null, number.Min, number.Max, number.KnownIndicator)
        : new EncoderFileFeature(feature.Column, ((CategoryFeature)feature).Values, null, null, feature.KnownIndicator);

    private static Feature FromFile(EncoderFileFeature feature) => feature.Values is null
        ? new NumberFeature(feature.Column, feature.Min, feature.Max, feature.KnownIndicator)
        : new CategoryFeature(feature.Column, feature.Values, feature.KnownIndicator);
}
