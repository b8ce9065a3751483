using System.Text.Json;

namespace Slipway.Workflow.DataSets;

public sealed partial class Encoder
{
    /// <summary>Encodes a raw row by name; columns that are not in it are unknown.</summary>
    /// <returns>One value an input.</returns>
    /// <exception cref="EncodingException">A column is unknown, or a value is not allowed.</exception>
    public float[] Encode(IReadOnlyDictionary<string, string?> row)
    {
        var inputs = new float[_inputNames.Length];
        Clear(inputs);
        foreach (var (column, value) in row)
        {
            if (IndexOf(column) is >= 0 and var feature)
            {
                Set(feature, value, inputs);
            }
        }
        return inputs;
    }

    /// <summary>Encodes a raw row given as a JSON object by name; null and missing members are unknown.</summary>
    /// <param name="row">The object.</param>
    /// <param name="inputs">One value an input; overwritten.</param>
    /// <exception cref="EncodingException">A member is unknown or of the wrong type, or a value is not allowed.</exception>
    public void Encode(JsonElement row, Span<float> inputs)
    {
        Clear(inputs);
        foreach (var member in row.EnumerateObject())
        {
            var feature = IndexOf(member.Name);
            if (feature < 0)
            {
                continue;
            }
            switch (member.Value.ValueKind)
            {
                case JsonValueKind.Null:
                    SetUnknown(feature, inputs);
                    break;
                case JsonValueKind.Number when _features[feature] is NumberFeature:
                    SetNumber(feature, member.Value.GetDouble(), inputs);
                    break;
                case JsonValueKind.Number:
                    Set(feature, member.Value.GetRawText(), inputs);
                    break;
                case JsonValueKind.String:
                    Set(feature, member.Value.GetString(), inputs);
                    break;
                default:
                    throw new EncodingException(member.Name, member.Value.GetRawText(), "must be a text, a number or null.");
            }
        }
    }
}
