using System.Text.Json;
using Slipway.Aws.FeatureStoreRuntime;

namespace Slipway.LocalAws.FeatureStore;

/// <summary>Reads the values of a record as earlier versions of Slipway kept them: AWS's JSON, written by them and by nobody else.</summary>
internal static class RecordJson
{
    /// <summary>The values in the order in which they were put.</summary>
    public static List<FeatureValue> Read(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        var values = new List<FeatureValue>();
        string? name = null, text = null;
        var isName = false;
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    isName = reader.ValueTextEquals("FeatureName"u8);
                    break;
                case JsonTokenType.String when isName:
                    name = reader.GetString();
                    break;
                case JsonTokenType.String:
                    text = reader.GetString();
                    break;
                case JsonTokenType.EndObject:
                    values.Add(new(name!, text));
                    (name, text) = (null, null);
                    break;
            }
        }

        return values;
    }
}
